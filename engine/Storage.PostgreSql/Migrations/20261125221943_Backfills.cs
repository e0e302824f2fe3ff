using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Backfills : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "backfill",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    way = table.Column<int>(type: "integer", nullable: false),
                    feed = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    from_at = table.Column<long>(type: "bigint", nullable: true),
                    records = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    token = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    high_water = table.Column<long>(type: "bigint", nullable: true),
                    state = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: true),
                    rows_read = table.Column<long>(type: "bigint", nullable: false),
                    accepted = table.Column<long>(type: "bigint", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    started_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_backfill", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_backfill_deployment",
                table: "backfill",
                columns: new[] { "workspace_id", "deployment_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "backfill");
        }
    }
}
