using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class RunsOfKey : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_run_key",
                table: "run",
                columns: new[] { "workspace_id", "key", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_run_key",
                table: "run");
        }
    }
}
