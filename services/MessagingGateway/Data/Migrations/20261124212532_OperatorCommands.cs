using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class OperatorCommands : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "phone_number_id", table: "quarantine", type: "text", nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "paused_at",
                table: "channel",
                type: "timestamp with time zone",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "phone_number_id", table: "quarantine");

            migrationBuilder.DropColumn(name: "paused_at", table: "channel");
        }
    }
}
