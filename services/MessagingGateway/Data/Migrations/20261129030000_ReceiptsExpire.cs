using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReceiptsExpire : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(name: "ix_send_subject", table: "send", column: "subject");
            migrationBuilder.LetReceiptsExpire(new ServiceRoles("messaging-gateway"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.KeepReceipts(new ServiceRoles("messaging-gateway"));
            migrationBuilder.DropIndex(name: "ix_send_subject", table: "send");
        }
    }
}
