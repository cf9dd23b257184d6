using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WpAsis.MessagingGateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class SendTraceParent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "trace_parent", table: "send", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "trace_parent", table: "send");
        }
    }
}
