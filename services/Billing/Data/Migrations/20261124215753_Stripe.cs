using System;
using Microsoft.EntityFrameworkCore.Migrations;
using WpAsis.ServiceDefaults.Data;

#nullable disable

namespace WpAsis.Billing.Data.Migrations
{
    /// <inheritdoc />
    public partial class Stripe : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "cancel_at_period_end",
                table: "subscription",
                type: "boolean",
                nullable: false,
                defaultValue: false
            );

            migrationBuilder.AddColumn<string>(
                name: "stripe_id",
                table: "subscription",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true
            );

            migrationBuilder.AddColumn<long>(
                name: "stripe_version",
                table: "subscription",
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.CreateTable(
                name: "checkout",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    price_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    return_url = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    epoch = table.Column<int>(type: "integer", nullable: false),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    url = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_checkout", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "stripe_cursor",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    read_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_cursor", x => x.name);
                }
            );

            migrationBuilder.CreateTable(
                name: "stripe_event",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    type = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    customer_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    api_version = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_event", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "stripe_route",
                columns: table => new
                {
                    customer_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_route", x => x.customer_id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_checkout_tenant_id",
                table: "checkout",
                column: "tenant_id",
                unique: true,
                filter: "state = 'Open'"
            );

            migrationBuilder.CreateIndex(
                name: "ix_stripe_event_next_at",
                table: "stripe_event",
                column: "next_at",
                filter: "state = 'Received'"
            );

            migrationBuilder.CreateIndex(name: "ix_stripe_event_received_at", table: "stripe_event", column: "received_at");

            migrationBuilder.CreateIndex(name: "ix_stripe_route_tenant_id", table: "stripe_route", column: "tenant_id", unique: true);

            migrationBuilder.IsolateTenants("checkout");
            migrationBuilder.Sql(
                """
                grant select on checkout, stripe_route to billing_app;

                grant select, insert, delete, update (state, epoch, session_id, url, expires_at) on checkout to billing_work;
                grant select, insert on stripe_route to billing_work;
                grant select, insert, delete, update (state, attempts, next_at) on stripe_event to billing_work;
                grant select, insert, update (read_until, due_at) on stripe_cursor to billing_work;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "checkout");

            migrationBuilder.DropTable(name: "stripe_cursor");

            migrationBuilder.DropTable(name: "stripe_event");

            migrationBuilder.DropTable(name: "stripe_route");

            migrationBuilder.DropColumn(name: "cancel_at_period_end", table: "subscription");

            migrationBuilder.DropColumn(name: "stripe_id", table: "subscription");

            migrationBuilder.DropColumn(name: "stripe_version", table: "subscription");
        }
    }
}
