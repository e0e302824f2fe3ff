CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

CREATE TABLE "checkpoint" (
    "workspace_id" TEXT NOT NULL,
    "event_id" INTEGER NOT NULL,
    "state" BLOB NOT NULL,
    CONSTRAINT "PK_checkpoint" PRIMARY KEY ("workspace_id", "event_id")
);

CREATE TABLE "cursor" (
    "workspace_id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "feed" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "token" TEXT NULL,
    "high_water" INTEGER NULL,
    "saved_at" INTEGER NOT NULL,
    CONSTRAINT "PK_cursor" PRIMARY KEY ("workspace_id", "realm", "feed", "scope")
);

CREATE TABLE "dead_letter" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_dead_letter" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "flow_hash" TEXT NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "entity" TEXT NULL,
    "record_id" TEXT NULL,
    "version" TEXT NULL,
    "is_full" INTEGER NOT NULL,
    "run_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "place" TEXT NULL,
    "error_kind" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "attempts" TEXT NOT NULL,
    "failed_at" INTEGER NOT NULL,
    "received_at" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "note" TEXT NULL,
    "closed_at" INTEGER NULL,
    "payload" BLOB NOT NULL,
    "run_state" BLOB NULL
);

CREATE TABLE "delivery" (
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "received_at" INTEGER NOT NULL,
    CONSTRAINT "PK_delivery" PRIMARY KEY ("workspace_id", "deployment_id", "trigger_id", "delivery_id")
);

CREATE TABLE "deployment" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "flow_id" TEXT NOT NULL,
    "flow_hash" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "paused_because" TEXT NULL,
    "realms" TEXT NOT NULL,
    "bindings" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "PK_deployment" PRIMARY KEY ("workspace_id", "id")
);

CREATE TABLE "effect" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_effect" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "fields" TEXT NOT NULL,
    "written_at" INTEGER NOT NULL
);

CREATE TABLE "event" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_event" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "lane" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "hold" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "entity" TEXT NULL,
    "record_id" TEXT NULL,
    "version" TEXT NULL,
    "attempt" INTEGER NOT NULL,
    "deaths" INTEGER NOT NULL,
    "claimed_by" INTEGER NULL,
    "due_at" INTEGER NULL,
    "reason" TEXT NULL,
    "received_at" INTEGER NOT NULL,
    "is_full" INTEGER NOT NULL,
    "replay_of" INTEGER NULL,
    "payload" BLOB NOT NULL
);

CREATE TABLE "flow_version" (
    "workspace_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "flow_id" TEXT NOT NULL,
    "sources" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "PK_flow_version" PRIMARY KEY ("workspace_id", "hash")
);

CREATE TABLE "incident" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_incident" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "seen_count" INTEGER NOT NULL,
    "first_seen" INTEGER NOT NULL,
    "last_seen" INTEGER NOT NULL,
    "recovered_at" INTEGER NULL
);

CREATE TABLE "journal_block" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_journal_block" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "written_at" INTEGER NOT NULL,
    "raw_length" INTEGER NOT NULL,
    "content" BLOB NOT NULL
);

CREATE TABLE "journal_entry" (
    "workspace_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "block_id" INTEGER NOT NULL,
    "block_offset" INTEGER NOT NULL,
    "block_length" INTEGER NOT NULL,
    CONSTRAINT "PK_journal_entry" PRIMARY KEY ("workspace_id", "run_id", "block_id")
);

CREATE TABLE "key_state" (
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "memory" BLOB NOT NULL,
    CONSTRAINT "PK_key_state" PRIMARY KEY ("workspace_id", "deployment_id", "key")
);

CREATE TABLE "link" (
    "workspace_id" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "record_id" TEXT NULL,
    "owner_run" TEXT NULL,
    "ends_at" INTEGER NULL,
    CONSTRAINT "PK_link" PRIMARY KEY ("workspace_id", "realm", "entity", "kind", "key_hash")
);

CREATE TABLE "newest_change" (
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "version" TEXT NULL,
    CONSTRAINT "PK_newest_change" PRIMARY KEY ("workspace_id", "deployment_id", "trigger_id", "entity", "record_id")
);

CREATE TABLE "run" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "flow_hash" TEXT NOT NULL,
    "event_id" INTEGER NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "record_id" TEXT NULL,
    "outcome" INTEGER NOT NULL,
    "text" TEXT NULL,
    "accepted_at" INTEGER NOT NULL,
    "started_at" INTEGER NOT NULL,
    "ended_at" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "effects" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "replay_of" INTEGER NULL,
    CONSTRAINT "PK_run" PRIMARY KEY ("workspace_id", "id")
);

CREATE TABLE "schema_info" (
    "name" TEXT NOT NULL CONSTRAINT "PK_schema_info" PRIMARY KEY,
    "value" BLOB NOT NULL
);

CREATE TABLE "workspace_key" (
    "workspace_id" TEXT NOT NULL CONSTRAINT "PK_workspace_key" PRIMARY KEY,
    "wrapped_key" BLOB NOT NULL
);

CREATE INDEX "ix_dead_letter_open" ON "dead_letter" ("workspace_id", "deployment_id", "key") WHERE state = 0;

CREATE INDEX "ix_dead_letter_state" ON "dead_letter" ("workspace_id", "state", "id");

CREATE INDEX "ix_delivery_received" ON "delivery" ("received_at");

CREATE UNIQUE INDEX "ix_deployment_name" ON "deployment" ("workspace_id", "name");

CREATE INDEX "ix_effect_record" ON "effect" ("workspace_id", "realm", "entity", "record_id", "id");

CREATE INDEX "ix_effect_run" ON "effect" ("workspace_id", "run_id");

CREATE INDEX "ix_event_due" ON "event" ("due_at") WHERE state = 2;

CREATE INDEX "ix_event_hold" ON "event" ("workspace_id", "deployment_id", "key") WHERE hold = 1;

CREATE INDEX "ix_event_key" ON "event" ("workspace_id", "deployment_id", "key", "id", "priority");

CREATE INDEX "ix_event_ready" ON "event" ("workspace_id", "deployment_id", "rank", "id", "lane") WHERE state = 0;

CREATE UNIQUE INDEX "ix_incident_open" ON "incident" ("workspace_id", "deployment_id", "fingerprint") WHERE recovered_at IS NULL;

CREATE INDEX "ix_incident_seen" ON "incident" ("workspace_id", "last_seen");

CREATE INDEX "ix_journal_block_written" ON "journal_block" ("written_at");

CREATE INDEX "ix_link_end" ON "link" ("ends_at") WHERE ends_at IS NOT NULL;

CREATE INDEX "ix_link_owner" ON "link" ("owner_run") WHERE owner_run IS NOT NULL;

CREATE INDEX "ix_link_record" ON "link" ("workspace_id", "realm", "entity", "record_id") WHERE record_id IS NOT NULL;

CREATE INDEX "ix_run_deployment" ON "run" ("workspace_id", "deployment_id", "id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125171305_First', '10.0.15');

CREATE TABLE "access_key" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" INTEGER NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "PK_access_key" PRIMARY KEY ("workspace_id", "id")
);

CREATE TABLE "audit" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_audit" PRIMARY KEY AUTOINCREMENT,
    "workspace_id" TEXT NOT NULL,
    "changed_at" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "before" TEXT NULL,
    "after" TEXT NULL,
    "request_id" TEXT NOT NULL
);

CREATE TABLE "connection" (
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "connector" TEXT NOT NULL,
    "title" TEXT NULL,
    "settings" TEXT NOT NULL,
    "secrets" BLOB NOT NULL,
    "secret_names" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "updated_by" TEXT NOT NULL,
    CONSTRAINT "PK_connection" PRIMARY KEY ("workspace_id", "name")
);

CREATE TABLE "deployment_version" (
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "template" TEXT NOT NULL,
    "template_hash" TEXT NOT NULL,
    "specification" TEXT NOT NULL,
    "note" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    CONSTRAINT "PK_deployment_version" PRIMARY KEY ("workspace_id", "name", "number")
);

CREATE TABLE "draft" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "title" TEXT NULL,
    "files" TEXT NOT NULL,
    "template" TEXT NULL,
    "template_hash" TEXT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "updated_by" TEXT NOT NULL,
    CONSTRAINT "PK_draft" PRIMARY KEY ("workspace_id", "id")
);

CREATE TABLE "hook_token" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "deployment" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" INTEGER NULL,
    CONSTRAINT "PK_hook_token" PRIMARY KEY ("workspace_id", "id")
);

CREATE TABLE "template_version" (
    "workspace_id" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "version" TEXT NULL,
    "title" TEXT NULL,
    "files" TEXT NOT NULL,
    "note" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    CONSTRAINT "PK_template_version" PRIMARY KEY ("workspace_id", "template", "hash")
);

CREATE UNIQUE INDEX "ix_access_key_id" ON "access_key" ("id");

CREATE INDEX "ix_audit_workspace" ON "audit" ("workspace_id", "id");

CREATE UNIQUE INDEX "ix_hook_token_hash" ON "hook_token" ("hash");

CREATE TRIGGER audit_keeps_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE TRIGGER audit_keeps_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125190953_Workspaces', '10.0.15');

CREATE TABLE "planned_event" (
    "workspace_id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "due_at" INTEGER NOT NULL,
    "lane" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "entity" TEXT NULL,
    "record_id" TEXT NULL,
    "version" TEXT NULL,
    "received_at" INTEGER NOT NULL,
    "is_full" INTEGER NOT NULL,
    "replay_of" INTEGER NULL,
    "payload" BLOB NOT NULL,
    "run_state" BLOB NULL,
    CONSTRAINT "PK_planned_event" PRIMARY KEY ("workspace_id", "deployment_id", "key", "name")
);

CREATE INDEX "ix_planned_event_due" ON "planned_event" ("due_at");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125191646_Planned', '10.0.15');

CREATE TABLE "review" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "event_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "place" TEXT NULL,
    "entity" TEXT NULL,
    "message" TEXT NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "decision" INTEGER NOT NULL,
    "record_id" TEXT NULL,
    "comment" TEXT NULL,
    "decided_by" TEXT NULL,
    "decided_at" INTEGER NULL,
    "content" BLOB NOT NULL,
    CONSTRAINT "PK_review" PRIMARY KEY ("workspace_id", "id")
);

CREATE INDEX "ix_review_open" ON "review" ("workspace_id", "id") WHERE decision = 0;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125202424_Reviews', '10.0.15');

CREATE TABLE "backfill" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "way" INTEGER NOT NULL,
    "feed" TEXT NULL,
    "from_at" INTEGER NULL,
    "records" TEXT NOT NULL,
    "token" TEXT NULL,
    "high_water" INTEGER NULL,
    "state" INTEGER NOT NULL,
    "total" INTEGER NULL,
    "rows_read" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL,
    "problem" TEXT NULL,
    "started_by" TEXT NOT NULL,
    "started_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    CONSTRAINT "PK_backfill" PRIMARY KEY ("workspace_id", "id")
);

CREATE INDEX "ix_backfill_deployment" ON "backfill" ("workspace_id", "deployment_id", "id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125221931_Backfills', '10.0.15');

CREATE TABLE "bulk_job" (
    "workspace_id" TEXT NOT NULL,
    "wave" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "job" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "row_count" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "made_at" INTEGER NOT NULL,
    CONSTRAINT "PK_bulk_job" PRIMARY KEY ("workspace_id", "wave")
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126121908_BulkJobs', '10.0.15');

CREATE INDEX "ix_run_key" ON "run" ("workspace_id", "key", "id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127023645_RunsOfKey', '10.0.15');

ALTER TABLE "deployment" ADD "state_revision" INTEGER NOT NULL DEFAULT 0;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127113501_StateRevision', '10.0.15');

