using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.DataSubjectRequest.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "vault");

            migrationBuilder.EnsureSchema(name: "log");

            migrationBuilder.CreateTable(
                name: "alias",
                schema: "vault",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    hmac = table.Column<byte[]>(type: "bytea", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_alias",
                        x => new
                        {
                            x.tenant_id,
                            x.kind,
                            x.hmac,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "alias_tombstone",
                schema: "vault",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    hmac = table.Column<byte[]>(type: "bytea", nullable: false),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_alias_tombstone",
                        x => new
                        {
                            x.tenant_id,
                            x.kind,
                            x.hmac,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    consumer = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.message_id, x.consumer });
                }
            );

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table
                        .Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "subject_key",
                schema: "vault",
                columns: table => new
                {
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: true),
                    kek_epoch = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subject_key", x => x.subject);
                }
            );

            migrationBuilder.CreateTable(
                name: "system_log",
                schema: "log",
                columns: table => new
                {
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    event_name = table.Column<string>(type: "text", nullable: true),
                    message = table.Column<string>(type: "text", nullable: false),
                    trace_id = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_system_log", x => new { x.arrived_at, x.id });
                }
            );

            migrationBuilder.CreateTable(
                name: "tenant_key",
                schema: "vault",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: true),
                    kek_epoch = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_key", x => x.tenant_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "tombstone",
                schema: "vault",
                columns: table => new
                {
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tombstone", x => x.subject);
                }
            );

            migrationBuilder.CreateIndex(name: "ix_alias_subject", schema: "vault", table: "alias", column: "subject");

            migrationBuilder.CreateIndex(name: "ix_inbox_received_at", table: "inbox", column: "received_at");

            migrationBuilder.CreateIndex(name: "ix_outbox_next_at_id", table: "outbox", columns: new[] { "next_at", "id" });

            migrationBuilder.InstallFoundation(new ServiceRoles("data-subject-request"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "alias", schema: "vault");

            migrationBuilder.DropTable(name: "alias_tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "inbox");

            migrationBuilder.DropTable(name: "outbox");

            migrationBuilder.DropTable(name: "subject_key", schema: "vault");

            migrationBuilder.DropTable(name: "system_log", schema: "log");

            migrationBuilder.DropTable(name: "tenant_key", schema: "vault");

            migrationBuilder.DropTable(name: "tombstone", schema: "vault");
        }
    }
}
