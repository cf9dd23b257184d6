using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.Billing.Data.Migrations
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
                name: "connected_number",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number_key = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    is_connected = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_connected_number", x => new { x.tenant_id, x.channel_id });
                }
            );

            migrationBuilder.CreateTable(
                name: "held_reservation",
                columns: table => new
                {
                    usage_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    held_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: true),
                    replies = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    final = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_held_reservation", x => x.usage_id);
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
                name: "ledger",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    replies = table.Column<int>(type: "integer", nullable: false),
                    usage_id = table.Column<Guid>(type: "uuid", nullable: true),
                    plan = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "number_trial",
                columns: table => new
                {
                    number_key = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_number_trial", x => x.number_key);
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
                name: "reservation",
                columns: table => new
                {
                    usage_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    replies = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    final_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reservation", x => x.usage_id);
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
                name: "subscription",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    anchor = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    noticed_on = table.Column<DateOnly>(type: "date", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscription", x => x.tenant_id);
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
                    task = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_route", x => new { x.tenant_id, x.task });
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
                name: "usage_counter",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cap = table.Column<int>(type: "integer", nullable: false),
                    used = table.Column<int>(type: "integer", nullable: false),
                    reserved = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_counter", x => new { x.tenant_id, x.period });
                    table.CheckConstraint("within_cap", "used >= 0 and reserved >= 0 and used + reserved <= cap");
                }
            );

            migrationBuilder.CreateTable(
                name: "whatsapp_cost",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    category = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    messages = table.Column<long>(type: "bigint", nullable: false),
                    billable = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "pk_whatsapp_cost",
                        x => new
                        {
                            x.tenant_id,
                            x.day,
                            x.category,
                        }
                    );
                }
            );

            migrationBuilder.CreateIndex(name: "ix_alias_subject", schema: "vault", table: "alias", column: "subject");

            migrationBuilder.CreateIndex(name: "ix_held_reservation_held_at", table: "held_reservation", column: "held_at");

            migrationBuilder.CreateIndex(name: "ix_held_reservation_tenant_id", table: "held_reservation", column: "tenant_id");

            migrationBuilder.CreateIndex(name: "ix_inbox_received_at", table: "inbox", column: "received_at");

            migrationBuilder.CreateIndex(name: "ix_ledger_tenant_id_at", table: "ledger", columns: new[] { "tenant_id", "at" });

            migrationBuilder.CreateIndex(name: "ix_ledger_usage_id", table: "ledger", column: "usage_id", unique: true);

            migrationBuilder.CreateIndex(name: "ix_outbox_next_at_id", table: "outbox", columns: new[] { "next_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_reservation_tenant_id_expires_at",
                table: "reservation",
                columns: new[] { "tenant_id", "expires_at" },
                filter: "state = 'Reserved'"
            );

            migrationBuilder.CreateIndex(
                name: "ix_reservation_tenant_id_period",
                table: "reservation",
                columns: new[] { "tenant_id", "period" }
            );

            migrationBuilder.CreateIndex(name: "ix_tenant_route_task_due_at", table: "tenant_route", columns: new[] { "task", "due_at" });

            foreach (var table in TenantTables)
                migrationBuilder.IsolateTenants(table);

            migrationBuilder.Sql(
                """
                grant select, update (period, period_start, period_end, version, noticed_on) on subscription to billing_app;
                grant select, insert, update (used, reserved) on usage_counter to billing_app;
                grant select, insert, update (state, reason, final_at) on reservation to billing_app;
                grant insert on ledger to billing_app;
                grant select, insert, update (messages, billable) on whatsapp_cost to billing_app;

                grant select, insert, update on subscription, tenant_route to billing_work;
                grant select, insert, update, delete on usage_counter, reservation, connected_number, held_reservation to billing_work;
                grant select, insert on number_trial to billing_work;
                grant select, insert, delete on ledger to billing_work;
                grant select, delete on whatsapp_cost to billing_work;

                -- Whoever purges names the time; lines younger than three years stay, whatever the query says.
                create policy old_only on ledger as restrictive for delete
                    using (at <= nullif(current_setting('app.now', true), '')::timestamptz - interval '1095 days');

                -- One row per customer and period is updated all the time: room for its next versions on its own page.
                alter table usage_counter set (fillfactor = 50);
                """
            );

            migrationBuilder.InstallFoundation(new ServiceRoles("billing"));
        }

        private static readonly string[] TenantTables =
        [
            "subscription",
            "usage_counter",
            "reservation",
            "ledger",
            "connected_number",
            "whatsapp_cost",
        ];

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "alias", schema: "vault");

            migrationBuilder.DropTable(name: "alias_tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "connected_number");

            migrationBuilder.DropTable(name: "held_reservation");

            migrationBuilder.DropTable(name: "inbox");

            migrationBuilder.DropTable(name: "ledger");

            migrationBuilder.DropTable(name: "number_trial");

            migrationBuilder.DropTable(name: "outbox");

            migrationBuilder.DropTable(name: "reservation");

            migrationBuilder.DropTable(name: "subject_key", schema: "vault");

            migrationBuilder.DropTable(name: "subscription");

            migrationBuilder.DropTable(name: "system_log", schema: "log");

            migrationBuilder.DropTable(name: "tenant_key", schema: "vault");

            migrationBuilder.DropTable(name: "tenant_route");

            migrationBuilder.DropTable(name: "tombstone", schema: "vault");

            migrationBuilder.DropTable(name: "usage_counter");

            migrationBuilder.DropTable(name: "whatsapp_cost");
        }
    }
}
