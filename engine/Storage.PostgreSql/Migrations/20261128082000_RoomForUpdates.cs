using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class RoomForUpdates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterTable(
                name: "event")
                .Annotation("Npgsql:StorageParameter:fillfactor", 40);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterTable(
                name: "event")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 40);
        }
    }
}
