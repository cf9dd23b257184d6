using System;
using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.AiResponder.Data.Migrations
{
    /// <inheritdoc />
    public partial class ContentAccess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "content_access",
                columns: table => new
                {
                    access_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_content_access", x => x.access_id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_content_access_tenant_id_at",
                table: "content_access",
                columns: new[] { "tenant_id", "at" }
            );

            migrationBuilder.IsolateTenants("content_access");
            var roles = new ServiceRoles("ai-responder");
            migrationBuilder.Sql(
                $"""
                grant select on turn_clock, turn_message, amendment, reply, human_reply to {roles.App};
                grant insert on content_access to {roles.App};
                grant select, delete on content_access to {roles.Work};
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "content_access");
        }
    }
}
