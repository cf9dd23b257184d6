using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

#nullable disable

namespace WpAsis.Billing.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReceiptsExpire : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.LetReceiptsExpire(new ServiceRoles("billing"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.KeepReceipts(new ServiceRoles("billing"));
        }
    }
}
