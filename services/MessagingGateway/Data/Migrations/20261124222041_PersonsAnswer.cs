using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class PersonsAnswer : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(name: "account_id", table: "send", type: "uuid", nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_send_thread_id_created_at",
                table: "send",
                columns: new[] { "thread_id", "created_at" },
                filter: "outcome = 'HandOver'"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "ix_send_thread_id_created_at", table: "send");

            migrationBuilder.DropColumn(name: "account_id", table: "send");
        }
    }
}
