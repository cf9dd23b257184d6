using System;
using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.Identity.Data.Migrations
{
    /// <inheritdoc />
    public partial class SubjectReceipts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "subject_receipt",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    act = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    jws = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subject_receipt", x => new { x.request_id, x.act });
                }
            );

            migrationBuilder.IsolateTenants("subject_receipt", tenantIsOptional: true);
            var roles = new ServiceRoles("identity");
            migrationBuilder.Sql(
                $"""
                grant select, insert on subject_receipt to {roles.Work};
                grant update on account, membership to {roles.Work};
                grant delete on account, tenant, membership, membership_route to {roles.Work};
                grant select on tenant, membership, membership_route to {roles.Work};
                grant select on openiddict_authorization, openiddict_token to {roles.Work};
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "subject_receipt");
        }
    }
}
