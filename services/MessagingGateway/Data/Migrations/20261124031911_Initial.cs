using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
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
                name: "channel",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    phone_number_id = table.Column<string>(type: "text", nullable: false),
                    waba_id = table.Column<string>(type: "text", nullable: false),
                    display_number = table.Column<byte[]>(type: "bytea", nullable: true),
                    verified_name = table.Column<byte[]>(type: "bytea", nullable: true),
                    access_token = table.Column<byte[]>(type: "bytea", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    connected_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    disconnected_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    circuit_state = table.Column<string>(type: "text", nullable: false),
                    circuit_reason = table.Column<string>(type: "text", nullable: true),
                    circuit_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pace_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channel", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "channel_route",
                columns: table => new
                {
                    phone_number_id = table.Column<string>(type: "text", nullable: false),
                    waba_id = table.Column<string>(type: "text", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    connected = table.Column<bool>(type: "boolean", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channel_route", x => x.phone_number_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "contact",
                columns: table => new
                {
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wa_id = table.Column<byte[]>(type: "bytea", nullable: true),
                    business_scoped_user_id = table.Column<byte[]>(type: "bytea", nullable: true),
                    parent_user_id = table.Column<byte[]>(type: "bytea", nullable: true),
                    username = table.Column<byte[]>(type: "bytea", nullable: true),
                    display_name = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_message_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact", x => x.subject);
                }
            );

            migrationBuilder.CreateTable(
                name: "delivery_attempt",
                columns: table => new
                {
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reply_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    http_status = table.Column<int>(type: "integer", nullable: true),
                    error_code = table.Column<int>(type: "integer", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_attempt", x => new { x.arrived_at, x.id });
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
                name: "intake",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    epoch = table.Column<string>(type: "text", nullable: false),
                    nonce = table.Column<byte[]>(type: "bytea", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    tag = table.Column<byte[]>(type: "bytea", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_intake", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "media",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    meta_media_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    mime_type = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: true),
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_media", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "message_key",
                columns: table => new
                {
                    phone_number_id = table.Column<string>(type: "text", nullable: false),
                    wamid_hmac = table.Column<byte[]>(type: "bytea", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_key", x => new { x.phone_number_id, x.wamid_hmac });
                }
            );

            migrationBuilder.CreateTable(
                name: "message_log",
                columns: table => new
                {
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    direction = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    wamid = table.Column<byte[]>(type: "bytea", nullable: true),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at_usable = table.Column<bool>(type: "boolean", nullable: false),
                    concerns = table.Column<Guid>(type: "uuid", nullable: true),
                    reply_id = table.Column<Guid>(type: "uuid", nullable: true),
                    status = table.Column<string>(type: "text", nullable: true),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sent_status_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    delivered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    played_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    error_code = table.Column<int>(type: "integer", nullable: true),
                    billable = table.Column<bool>(type: "boolean", nullable: true),
                    pricing_model = table.Column<string>(type: "text", nullable: true),
                    pricing_type = table.Column<string>(type: "text", nullable: true),
                    pricing_category = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_log", x => new { x.arrived_at, x.id });
                }
            );

            migrationBuilder.CreateTable(
                name: "opt_out",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    alias_hmac = table.Column<byte[]>(type: "bytea", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_opt_out",
                        x => new
                        {
                            x.tenant_id,
                            x.alias_hmac,
                            x.scope,
                        }
                    );
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
                name: "quarantine",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    what = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    epoch = table.Column<string>(type: "text", nullable: false),
                    nonce = table.Column<byte[]>(type: "bytea", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    tag = table.Column<byte[]>(type: "bytea", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quarantine", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "send",
                columns: table => new
                {
                    reply_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    turn_id = table.Column<Guid>(type: "uuid", nullable: true),
                    usage_id = table.Column<Guid>(type: "uuid", nullable: true),
                    first_sequence = table.Column<long>(type: "bigint", nullable: false),
                    answers = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    send_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    drop_reason = table.Column<string>(type: "text", nullable: true),
                    message_id = table.Column<Guid>(type: "uuid", nullable: true),
                    part = table.Column<int>(type: "integer", nullable: false),
                    parts = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    called_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resent = table.Column<bool>(type: "boolean", nullable: false),
                    epoch = table.Column<string>(type: "text", nullable: true),
                    nonce = table.Column<byte[]>(type: "bytea", nullable: true),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: true),
                    tag = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_send", x => x.reply_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "send_route",
                columns: table => new
                {
                    reply_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_sequence = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_send_route", x => x.reply_id);
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
                    window_class = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_route", x => x.tenant_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "thread",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    mode = table.Column<string>(type: "text", nullable: false),
                    opted_out = table.Column<bool>(type: "boolean", nullable: false),
                    erased = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false),
                    window_closes_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_message_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    taken_over_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    stop_confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pair_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    referral_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_thread", x => x.id);
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

            migrationBuilder.CreateIndex(name: "ix_channel_phone_number_id", table: "channel", column: "phone_number_id");

            migrationBuilder.CreateIndex(name: "ix_channel_route_channel_id", table: "channel_route", column: "channel_id");

            migrationBuilder.CreateIndex(name: "ix_channel_route_waba_id", table: "channel_route", column: "waba_id");

            migrationBuilder.CreateIndex(
                name: "ix_contact_tenant_id_last_message_at",
                table: "contact",
                columns: new[] { "tenant_id", "last_message_at" }
            );

            migrationBuilder.CreateIndex(name: "ix_delivery_attempt_reply_id", table: "delivery_attempt", column: "reply_id");

            migrationBuilder.CreateIndex(name: "ix_inbox_received_at", table: "inbox", column: "received_at");

            migrationBuilder.CreateIndex(name: "ix_intake_arrived_at_id", table: "intake", columns: new[] { "arrived_at", "id" });

            migrationBuilder.CreateIndex(name: "ix_media_arrived_at", table: "media", column: "arrived_at");

            migrationBuilder.CreateIndex(name: "ix_media_message_id", table: "media", column: "message_id");

            migrationBuilder.CreateIndex(name: "ix_message_key_arrived_at", table: "message_key", column: "arrived_at");

            migrationBuilder.CreateIndex(
                name: "ix_message_log_tenant_id_arrived_at_id",
                table: "message_log",
                columns: new[] { "tenant_id", "arrived_at", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_message_log_thread_id_arrived_at_id",
                table: "message_log",
                columns: new[] { "thread_id", "arrived_at", "id" }
            );

            migrationBuilder.CreateIndex(name: "ix_outbox_next_at_id", table: "outbox", columns: new[] { "next_at", "id" });

            migrationBuilder.CreateIndex(name: "ix_quarantine_arrived_at", table: "quarantine", column: "arrived_at");

            migrationBuilder.CreateIndex(name: "ix_send_finished_at", table: "send", column: "finished_at");

            migrationBuilder.CreateIndex(name: "ix_send_message_id", table: "send", column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_send_thread_id_first_sequence",
                table: "send",
                columns: new[] { "thread_id", "first_sequence" },
                filter: "state in ('Queued', 'Sending', 'Unknown')"
            );

            migrationBuilder.CreateIndex(name: "ix_send_route_next_at", table: "send_route", column: "next_at");

            migrationBuilder.CreateIndex(name: "ix_send_route_thread_id", table: "send_route", column: "thread_id");

            migrationBuilder.CreateIndex(
                name: "ix_thread_channel_id_subject",
                table: "thread",
                columns: new[] { "channel_id", "subject" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "ix_thread_subject", table: "thread", column: "subject");

            migrationBuilder.CreateIndex(
                name: "ix_thread_tenant_id_last_message_at_id",
                table: "thread",
                columns: new[] { "tenant_id", "last_message_at", "id" }
            );

            migrationBuilder.PartitionByDay("message_log");
            migrationBuilder.PartitionByDay("delivery_attempt");
            foreach (var table in (string[])["channel", "contact", "opt_out", "thread", "message_log", "delivery_attempt", "send", "media"])
                migrationBuilder.IsolateTenants(table);

            var roles = new ServiceRoles("messaging-gateway");
            migrationBuilder.Sql(
                $"""
                grant select on tenant_route, channel_route to {roles.App};
                grant insert, update on tenant_route, channel_route to {roles.App};
                grant select, insert on send_route to {roles.App};
                grant select, insert, update on channel to {roles.App};
                grant select, insert, update on thread to {roles.App};
                grant select on contact, media to {roles.App};
                grant select, insert on message_log to {roles.App};
                grant select, insert on send to {roles.App};
                grant select, insert, delete on opt_out to {roles.App};

                grant select, insert, update, delete on intake, quarantine, message_key, tenant_route, channel_route, send_route to {roles.Work};
                grant select, update on channel to {roles.Work};
                grant select, insert, update, delete on contact, thread, send, media, opt_out to {roles.Work};
                grant select, insert, update on message_log to {roles.Work};
                grant select, insert on delivery_attempt to {roles.Work};
                """
            );
            migrationBuilder.InstallFoundation(roles, GatewayTables.MessageLog, GatewayTables.DeliveryAttempt);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "alias", schema: "vault");

            migrationBuilder.DropTable(name: "alias_tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "channel");

            migrationBuilder.DropTable(name: "channel_route");

            migrationBuilder.DropTable(name: "contact");

            migrationBuilder.DropTable(name: "delivery_attempt");

            migrationBuilder.DropTable(name: "inbox");

            migrationBuilder.DropTable(name: "intake");

            migrationBuilder.DropTable(name: "media");

            migrationBuilder.DropTable(name: "message_key");

            migrationBuilder.DropTable(name: "message_log");

            migrationBuilder.DropTable(name: "opt_out");

            migrationBuilder.DropTable(name: "outbox");

            migrationBuilder.DropTable(name: "quarantine");

            migrationBuilder.DropTable(name: "send");

            migrationBuilder.DropTable(name: "send_route");

            migrationBuilder.DropTable(name: "subject_key", schema: "vault");

            migrationBuilder.DropTable(name: "system_log", schema: "log");

            migrationBuilder.DropTable(name: "tenant_key", schema: "vault");

            migrationBuilder.DropTable(name: "tenant_route");

            migrationBuilder.DropTable(name: "thread");

            migrationBuilder.DropTable(name: "tombstone", schema: "vault");
        }
    }
}
