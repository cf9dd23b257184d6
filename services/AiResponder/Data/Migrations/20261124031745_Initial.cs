using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.AiResponder.Data.Migrations
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
                name: "amendment",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    concerns = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway_sequence = table.Column<long>(type: "bigint", nullable: false),
                    is_revoke = table.Column<bool>(type: "boolean", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    content_ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_amendment", x => new { x.thread_id, x.message_id });
                }
            );

            migrationBuilder.CreateTable(
                name: "human_reply",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    content_ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_human_reply", x => new { x.thread_id, x.message_id });
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
                name: "profile_version",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<byte[]>(type: "bytea", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    published_by = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_profile_version", x => new { x.tenant_id, x.version });
                }
            );

            migrationBuilder.CreateTable(
                name: "quarantine",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    item = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quarantine", x => x.message_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "reply",
                columns: table => new
                {
                    reply_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_seq = table.Column<int>(type: "integer", nullable: false),
                    to_seq = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    drop_reason = table.Column<string>(type: "text", nullable: true),
                    usage_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    content_ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reply", x => x.reply_id);
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
                name: "tenant_route",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    window = table.Column<string>(type: "text", nullable: false),
                    collect_milliseconds = table.Column<int>(type: "integer", nullable: true),
                    max_reply_age_seconds = table.Column<int>(type: "integer", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_route", x => x.tenant_id);
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

            migrationBuilder.CreateTable(
                name: "turn",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_seq = table.Column<int>(type: "integer", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    turn_id = table.Column<Guid>(type: "uuid", nullable: false),
                    to_seq = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    usage_id = table.Column<Guid>(type: "uuid", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true),
                    calls = table.Column<int>(type: "integer", nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_turn",
                        x => new
                        {
                            x.thread_id,
                            x.from_seq,
                            x.fence,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "turn_clock",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: true),
                    thread_version = table.Column<long>(type: "bigint", nullable: false),
                    human_in_charge = table.Column<bool>(type: "boolean", nullable: false),
                    opted_out = table.Column<bool>(type: "boolean", nullable: false),
                    erased = table.Column<bool>(type: "boolean", nullable: false),
                    silent = table.Column<bool>(type: "boolean", nullable: false),
                    last_seq = table.Column<int>(type: "integer", nullable: false),
                    answered_seq = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    hard_version = table.Column<int>(type: "integer", nullable: false),
                    rebuilds = table.Column<short>(type: "smallint", nullable: false),
                    attempts = table.Column<short>(type: "smallint", nullable: false),
                    delays = table.Column<short>(type: "smallint", nullable: false),
                    first_pending_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    overflow_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    newest_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deadline_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    wake_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    owner = table.Column<Guid>(type: "uuid", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    reserved_seq = table.Column<int>(type: "integer", nullable: false),
                    window_closes_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    denied_told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_message_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_turn_clock", x => x.thread_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "turn_message",
                columns: table => new
                {
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway_sequence = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    content_ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_turn_message", x => new { x.thread_id, x.seq });
                }
            );

            migrationBuilder.CreateTable(
                name: "usage",
                columns: table => new
                {
                    usage_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_seq = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    repeat_count = table.Column<int>(type: "integer", nullable: false),
                    repeat_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage", x => x.usage_id);
                }
            );

            migrationBuilder.CreateIndex(name: "ix_alias_subject", schema: "vault", table: "alias", column: "subject");

            migrationBuilder.CreateIndex(
                name: "ix_amendment_tenant_id_received_at",
                table: "amendment",
                columns: new[] { "tenant_id", "received_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_amendment_thread_id_concerns",
                table: "amendment",
                columns: new[] { "thread_id", "concerns" }
            );

            migrationBuilder.CreateIndex(name: "ix_human_reply_tenant_id_at", table: "human_reply", columns: new[] { "tenant_id", "at" });

            migrationBuilder.CreateIndex(name: "ix_inbox_received_at", table: "inbox", column: "received_at");

            migrationBuilder.CreateIndex(name: "ix_outbox_next_at_id", table: "outbox", columns: new[] { "next_at", "id" });

            migrationBuilder.CreateIndex(name: "ix_quarantine_at", table: "quarantine", column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_reply_tenant_id_created_at",
                table: "reply",
                columns: new[] { "tenant_id", "created_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_reply_thread_id_from_seq",
                table: "reply",
                columns: new[] { "thread_id", "from_seq" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "ix_turn_tenant_id_changed_at", table: "turn", columns: new[] { "tenant_id", "changed_at" });

            migrationBuilder.CreateIndex(name: "ix_turn_clock_last_message_at", table: "turn_clock", column: "last_message_at");

            migrationBuilder.CreateIndex(
                name: "ix_turn_clock_wake_at",
                table: "turn_clock",
                column: "wake_at",
                filter: "wake_at is not null"
            );

            migrationBuilder.CreateIndex(
                name: "ix_turn_message_tenant_id_content_ends_at",
                table: "turn_message",
                columns: new[] { "tenant_id", "content_ends_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_turn_message_tenant_id_received_at",
                table: "turn_message",
                columns: new[] { "tenant_id", "received_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_turn_message_thread_id_message_id",
                table: "turn_message",
                columns: new[] { "thread_id", "message_id" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "ix_usage_expires_at", table: "usage", column: "expires_at");

            migrationBuilder.CreateIndex(name: "ix_usage_repeat_at", table: "usage", column: "repeat_at", filter: "repeat_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_usage_thread_id_from_seq",
                table: "usage",
                columns: new[] { "thread_id", "from_seq" },
                unique: true
            );

            // Rows change with every message: short pages and an early vacuum keep the look-ups by wake_at small.
            migrationBuilder.Sql(
                "alter table turn_clock set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)"
            );
            foreach (var table in (string[])["profile_version", "turn_message", "amendment", "turn", "reply", "human_reply"])
                migrationBuilder.IsolateTenants(table);
            var roles = new ServiceRoles("ai-responder");
            migrationBuilder.Sql(
                $"""
                grant select, insert on profile_version to {roles.App};
                grant select on tenant_route to {roles.App};

                grant select on profile_version to {roles.Work};
                grant select, insert, update on tenant_route to {roles.Work};
                grant select, insert, update, delete on turn_clock, usage, turn_message, amendment, turn, reply, human_reply to {roles.Work};
                grant select, insert, delete on quarantine to {roles.Work};
                """
            );
            migrationBuilder.InstallFoundation(roles);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "alias", schema: "vault");

            migrationBuilder.DropTable(name: "alias_tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "amendment");

            migrationBuilder.DropTable(name: "human_reply");

            migrationBuilder.DropTable(name: "inbox");

            migrationBuilder.DropTable(name: "outbox");

            migrationBuilder.DropTable(name: "profile_version");

            migrationBuilder.DropTable(name: "quarantine");

            migrationBuilder.DropTable(name: "reply");

            migrationBuilder.DropTable(name: "subject_key", schema: "vault");

            migrationBuilder.DropTable(name: "system_log", schema: "log");

            migrationBuilder.DropTable(name: "tenant_key", schema: "vault");

            migrationBuilder.DropTable(name: "tenant_route");

            migrationBuilder.DropTable(name: "tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "turn");

            migrationBuilder.DropTable(name: "turn_clock");

            migrationBuilder.DropTable(name: "turn_message");

            migrationBuilder.DropTable(name: "usage");
        }
    }
}
