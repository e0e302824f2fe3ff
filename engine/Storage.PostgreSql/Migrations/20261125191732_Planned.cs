using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Planned : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "planned_event",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    due_at = table.Column<long>(type: "bigint", nullable: false),
                    lane = table.Column<int>(type: "integer", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    received_at = table.Column<long>(type: "bigint", nullable: false),
                    is_full = table.Column<bool>(type: "boolean", nullable: false),
                    replay_of = table.Column<long>(type: "bigint", nullable: true),
                    payload = table.Column<byte[]>(type: "bytea", nullable: false),
                    run_state = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_planned_event", x => new { x.workspace_id, x.deployment_id, x.key, x.name });
                });

            migrationBuilder.CreateIndex(
                name: "ix_planned_event_due",
                table: "planned_event",
                column: "due_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "planned_event");
        }
    }
}
