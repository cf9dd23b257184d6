using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

#nullable disable

namespace WpAsis.Identity.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReceiptsExpire : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(name: "ix_notice_subject_id", table: "notice", column: "subject_id");
            migrationBuilder.LetReceiptsExpire(new ServiceRoles("identity"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.KeepReceipts(new ServiceRoles("identity"));
            migrationBuilder.DropIndex(name: "ix_notice_subject_id", table: "notice");
        }
    }
}
