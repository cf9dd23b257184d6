using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(GatewayDbContext))]
    [Migration("20261129031000_OutboxBodiesAsTheyAre")]
    public partial class OutboxBodiesAsTheyAre : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What they hold is sealed: to compress it costs time and saves nothing, and each body is gone within a second.
            // Bodies of the intake come and go as fast: their table is cleaned by how many are dead, not by how many of its rows.
            migrationBuilder.Sql(
                """
                alter table outbox alter column body set storage external;
                alter table intake set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table outbox alter column body set storage extended;
                alter table intake reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
                """
            );
        }
    }
}
