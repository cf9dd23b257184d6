using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

#nullable disable

namespace WpAsis.AiResponder.Data.Migrations
{
    /// <inheritdoc />
    public partial class ReceiptsExpire : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(name: "ix_turn_clock_subject_id", table: "turn_clock", column: "subject_id");
            migrationBuilder.LetReceiptsExpire(new ServiceRoles("ai-responder"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.KeepReceipts(new ServiceRoles("ai-responder"));
            migrationBuilder.DropIndex(name: "ix_turn_clock_subject_id", table: "turn_clock");
        }
    }
}
