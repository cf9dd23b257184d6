using System;
using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.DataSubjectRequest.Data.Migrations
{
    /// <inheritdoc />
    public partial class Requests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "archive_chunk",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @try = table.Column<int>(name: "try", type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_archive_chunk",
                        x => new
                        {
                            x.request_id,
                            x.@try,
                            x.number,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "receipt_key",
                columns: table => new
                {
                    service = table.Column<string>(type: "text", nullable: false),
                    kid = table.Column<string>(type: "text", nullable: false),
                    x = table.Column<string>(type: "text", nullable: false),
                    y = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipt_key", x => new { x.service, x.kid });
                }
            );

            migrationBuilder.CreateTable(
                name: "request_route",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    link_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    code_hash = table.Column<string>(type: "text", nullable: true),
                    code_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_request_route", x => x.request_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "request_task",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    asked = table.Column<int>(type: "integer", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    receipt = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_request_task", x => new { x.request_id, x.service });
                }
            );

            migrationBuilder.CreateTable(
                name: "subject_request",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: true),
                    subject_kind = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deadline = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    proved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    close_businesses = table.Column<bool>(type: "boolean", nullable: false),
                    name = table.Column<byte[]>(type: "bytea", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    codes = table.Column<int>(type: "integer", nullable: false),
                    archive_try = table.Column<int>(type: "integer", nullable: false),
                    archive_made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    archive_bytes = table.Column<long>(type: "bigint", nullable: false),
                    downloads = table.Column<int>(type: "integer", nullable: false),
                    download_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subject_request", x => x.request_id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_request_route_closed_at",
                table: "request_route",
                column: "closed_at",
                filter: "closed_at is not null"
            );

            migrationBuilder.CreateIndex(name: "ix_request_route_code_hash", table: "request_route", column: "code_hash", unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_request_route_next_at",
                table: "request_route",
                column: "next_at",
                filter: "next_at is not null"
            );

            migrationBuilder.CreateIndex(
                name: "ix_subject_request_subject_id_request_id",
                table: "subject_request",
                columns: new[] { "subject_id", "request_id" }
            );

            foreach (var table in (string[])["subject_request", "request_task", "archive_chunk"])
                migrationBuilder.IsolateTenants(table, tenantIsOptional: true);
            var roles = new ServiceRoles("data-subject-request");
            migrationBuilder.Sql(
                $"""
                grant select, insert, update on subject_request, request_route to {roles.App};
                grant select on request_task to {roles.App};
                grant select, delete on archive_chunk to {roles.App};

                grant select, insert, update, delete on subject_request, request_route, request_task, archive_chunk to {roles.Work};
                grant select, insert on receipt_key to {roles.Work};
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "archive_chunk");

            migrationBuilder.DropTable(name: "receipt_key");

            migrationBuilder.DropTable(name: "request_route");

            migrationBuilder.DropTable(name: "request_task");

            migrationBuilder.DropTable(name: "subject_request");
        }
    }
}
