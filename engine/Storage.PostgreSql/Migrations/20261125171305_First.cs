using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace WorkflowEngine.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "checkpoint",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_checkpoint", x => new { x.workspace_id, x.event_id });
                });

            migrationBuilder.CreateTable(
                name: "cursor",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    realm = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    feed = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    token = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    high_water = table.Column<long>(type: "bigint", nullable: true),
                    saved_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cursor", x => new { x.workspace_id, x.realm, x.feed, x.scope });
                });

            migrationBuilder.CreateTable(
                name: "dead_letter",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    flow_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entity = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_full = table.Column<bool>(type: "boolean", nullable: false),
                    run_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    place = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    error_kind = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    message = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    attempts = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    failed_at = table.Column<long>(type: "bigint", nullable: false),
                    received_at = table.Column<long>(type: "bigint", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    closed_at = table.Column<long>(type: "bigint", nullable: true),
                    payload = table.Column<byte[]>(type: "bytea", nullable: false),
                    run_state = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letter", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "delivery",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    delivery_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    received_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_delivery", x => new { x.workspace_id, x.deployment_id, x.trigger_id, x.delivery_id });
                });

            migrationBuilder.CreateTable(
                name: "deployment",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    flow_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    flow_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    paused_because = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    realms = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bindings = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deployment", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "effect",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    realm = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    run_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    verb = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fields = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    written_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_effect", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "event",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lane = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    hold = table.Column<int>(type: "integer", nullable: false),
                    rank = table.Column<int>(type: "integer", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    entity = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    deaths = table.Column<int>(type: "integer", nullable: false),
                    claimed_by = table.Column<long>(type: "bigint", nullable: true),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    received_at = table.Column<long>(type: "bigint", nullable: false),
                    is_full = table.Column<bool>(type: "boolean", nullable: false),
                    replay_of = table.Column<long>(type: "bigint", nullable: true),
                    payload = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_event", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "flow_version",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    flow_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sources = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_flow_version", x => new { x.workspace_id, x.hash });
                });

            migrationBuilder.CreateTable(
                name: "incident",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    message = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seen_count = table.Column<long>(type: "bigint", nullable: false),
                    first_seen = table.Column<long>(type: "bigint", nullable: false),
                    last_seen = table.Column<long>(type: "bigint", nullable: false),
                    recovered_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incident", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "journal_block",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    written_at = table.Column<long>(type: "bigint", nullable: false),
                    raw_length = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal_block", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "journal_entry",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    run_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    block_id = table.Column<long>(type: "bigint", nullable: false),
                    block_offset = table.Column<int>(type: "integer", nullable: false),
                    block_length = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal_entry", x => new { x.workspace_id, x.run_id, x.block_id });
                });

            migrationBuilder.CreateTable(
                name: "key_state",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    memory = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_state", x => new { x.workspace_id, x.deployment_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "link",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    realm = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    owner_run = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ends_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link", x => new { x.workspace_id, x.realm, x.entity, x.kind, x.key_hash });
                });

            migrationBuilder.CreateTable(
                name: "newest_change",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_newest_change", x => new { x.workspace_id, x.deployment_id, x.trigger_id, x.entity, x.record_id });
                });

            migrationBuilder.CreateTable(
                name: "run",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    flow_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    record_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    outcome = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    accepted_at = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    effects = table.Column<int>(type: "integer", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    replay_of = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "schema_info",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_schema_info", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "workspace_key",
                columns: table => new
                {
                    workspace_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workspace_key", x => x.workspace_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letter_open",
                table: "dead_letter",
                columns: new[] { "workspace_id", "deployment_id", "key" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_dead_letter_state",
                table: "dead_letter",
                columns: new[] { "workspace_id", "state", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_delivery_received",
                table: "delivery",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_name",
                table: "deployment",
                columns: new[] { "workspace_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_effect_record",
                table: "effect",
                columns: new[] { "workspace_id", "realm", "entity", "record_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_effect_run",
                table: "effect",
                columns: new[] { "workspace_id", "run_id" });

            migrationBuilder.CreateIndex(
                name: "ix_event_due",
                table: "event",
                column: "due_at",
                filter: "state = 2");

            migrationBuilder.CreateIndex(
                name: "ix_event_hold",
                table: "event",
                columns: new[] { "workspace_id", "deployment_id", "key" },
                filter: "hold = 1");

            migrationBuilder.CreateIndex(
                name: "ix_event_key",
                table: "event",
                columns: new[] { "workspace_id", "deployment_id", "key", "id", "priority" });

            migrationBuilder.CreateIndex(
                name: "ix_event_ready",
                table: "event",
                columns: new[] { "workspace_id", "deployment_id", "rank", "id", "lane" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_incident_open",
                table: "incident",
                columns: new[] { "workspace_id", "deployment_id", "fingerprint" },
                unique: true,
                filter: "recovered_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_incident_seen",
                table: "incident",
                columns: new[] { "workspace_id", "last_seen" });

            migrationBuilder.CreateIndex(
                name: "ix_journal_block_written",
                table: "journal_block",
                column: "written_at");

            migrationBuilder.CreateIndex(
                name: "ix_link_end",
                table: "link",
                column: "ends_at",
                filter: "ends_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_link_owner",
                table: "link",
                column: "owner_run",
                filter: "owner_run IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_link_record",
                table: "link",
                columns: new[] { "workspace_id", "realm", "entity", "record_id" },
                filter: "record_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_run_deployment",
                table: "run",
                columns: new[] { "workspace_id", "deployment_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "checkpoint");

            migrationBuilder.DropTable(
                name: "cursor");

            migrationBuilder.DropTable(
                name: "dead_letter");

            migrationBuilder.DropTable(
                name: "delivery");

            migrationBuilder.DropTable(
                name: "deployment");

            migrationBuilder.DropTable(
                name: "effect");

            migrationBuilder.DropTable(
                name: "event");

            migrationBuilder.DropTable(
                name: "flow_version");

            migrationBuilder.DropTable(
                name: "incident");

            migrationBuilder.DropTable(
                name: "journal_block");

            migrationBuilder.DropTable(
                name: "journal_entry");

            migrationBuilder.DropTable(
                name: "key_state");

            migrationBuilder.DropTable(
                name: "link");

            migrationBuilder.DropTable(
                name: "newest_change");

            migrationBuilder.DropTable(
                name: "run");

            migrationBuilder.DropTable(
                name: "schema_info");

            migrationBuilder.DropTable(
                name: "workspace_key");
        }
    }
}
