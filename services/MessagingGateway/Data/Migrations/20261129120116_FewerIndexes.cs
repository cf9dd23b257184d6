using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class FewerIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "ix_thread_channel_id_subject", table: "thread");

            migrationBuilder.DropIndex(name: "ix_thread_subject", table: "thread");

            migrationBuilder.DropIndex(name: "ix_thread_tenant_id_last_message_at_id", table: "thread");

            migrationBuilder.DropIndex(name: "ix_intake_arrived_at_id", table: "intake");

            migrationBuilder.AddColumn<long>(
                name: "last_minute",
                table: "thread",
                type: "bigint",
                nullable: false,
                computedColumnSql: "floor(extract(epoch from last_message_at at time zone 'UTC') / 60)::bigint",
                stored: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_thread_subject_channel_id",
                table: "thread",
                columns: new[] { "subject", "channel_id" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_thread_tenant_id_last_minute",
                table: "thread",
                columns: new[] { "tenant_id", "last_minute" }
            );

            // A row's next version finds room on its page: then no index is touched.
            migrationBuilder.Sql("alter table thread set (fillfactor = 70)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table thread reset (fillfactor)");

            migrationBuilder.DropIndex(name: "ix_thread_subject_channel_id", table: "thread");

            migrationBuilder.DropIndex(name: "ix_thread_tenant_id_last_minute", table: "thread");

            migrationBuilder.DropColumn(name: "last_minute", table: "thread");

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

            migrationBuilder.CreateIndex(name: "ix_intake_arrived_at_id", table: "intake", columns: new[] { "arrived_at", "id" });
        }
    }
}
