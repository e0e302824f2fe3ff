using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>Tables, keys and indexes. README.md tells why each is there.</summary>
internal static class EngineModel
{
    public static void Configure(ModelBuilder model)
    {
        ConfigureState(model);
        ConfigureExplanation(model);
        ConfigureSettings(model);
        ConfigureWorkspace(model);
        ConfigureAccess(model);

        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties()) property.SetColumnName(SnakeCase.Of(property.Name));
        }
    }

    private static void ConfigureState(ModelBuilder model)
    {
        model.Entity<EventRow>(row =>
        {
            row.ToTable("event").HasKey(e => e.Id);
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Key, e.Id, e.Priority }).HasDatabaseName("ix_event_key");
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Rank, e.Id, e.Lane }).HasDatabaseName("ix_event_ready").HasFilter("state = 0");
            row.HasIndex(e => e.DueAt).HasDatabaseName("ix_event_due").HasFilter("state = 2");
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Key }).HasDatabaseName("ix_event_hold").HasFilter("hold = 1");
        });
        model.Entity<PlannedEventRow>(row =>
        {
            row.ToTable("planned_event").HasKey(e => new { e.WorkspaceId, e.DeploymentId, e.Key, e.Name });
            row.HasIndex(e => e.DueAt).HasDatabaseName("ix_planned_event_due");
        });
        model.Entity<ReviewRow>(row =>
        {
            row.ToTable("review").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => new { e.WorkspaceId, e.Id }).HasDatabaseName("ix_review_open").HasFilter("decision = 0");
        });
        model.Entity<BackfillRow>(row =>
        {
            row.ToTable("backfill").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Id }).HasDatabaseName("ix_backfill_deployment");
        });
        model.Entity<BulkJobRow>().ToTable("bulk_job").HasKey(e => new { e.WorkspaceId, e.Wave });
        model.Entity<CheckpointRow>().ToTable("checkpoint").HasKey(e => new { e.WorkspaceId, e.EventId });
        model.Entity<KeyStateRow>().ToTable("key_state").HasKey(e => new { e.WorkspaceId, e.DeploymentId, e.Key });
        model.Entity<StoredLinkRow>(row =>
        {
            row.ToTable("link").HasKey(e => new { e.WorkspaceId, e.Realm, e.Entity, e.Kind, e.KeyHash });
            row.HasIndex(e => new { e.WorkspaceId, e.Realm, e.Entity, e.RecordId }).HasDatabaseName("ix_link_record").HasFilter("record_id IS NOT NULL");
            row.HasIndex(e => e.OwnerRun).HasDatabaseName("ix_link_owner").HasFilter("owner_run IS NOT NULL");
            row.HasIndex(e => e.EndsAt).HasDatabaseName("ix_link_end").HasFilter("ends_at IS NOT NULL");
        });
        model.Entity<DeliveryRow>(row =>
        {
            row.ToTable("delivery").HasKey(e => new { e.WorkspaceId, e.DeploymentId, e.TriggerId, e.DeliveryId });
            row.HasIndex(e => e.ReceivedAt).HasDatabaseName("ix_delivery_received");
        });
        model.Entity<NewestChangeRow>().ToTable("newest_change").HasKey(e => new { e.WorkspaceId, e.DeploymentId, e.TriggerId, e.Entity, e.RecordId });
        model.Entity<CursorRow>().ToTable("cursor").HasKey(e => new { e.WorkspaceId, e.Realm, e.Feed, e.Scope });
        model.Entity<DeadLetterRow>(row =>
        {
            row.ToTable("dead_letter").HasKey(e => e.Id);
            row.HasIndex(e => new { e.WorkspaceId, e.State, e.Id }).HasDatabaseName("ix_dead_letter_state");
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Key }).HasDatabaseName("ix_dead_letter_open").HasFilter("state = 0");
        });
    }

    private static void ConfigureExplanation(ModelBuilder model)
    {
        model.Entity<StoredRunRow>(row =>
        {
            row.ToTable("run").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Id }).HasDatabaseName("ix_run_deployment");
            row.HasIndex(e => new { e.WorkspaceId, e.Key, e.Id }).HasDatabaseName("ix_run_key");
        });
        model.Entity<StoredEffectRow>(row =>
        {
            row.ToTable("effect").HasKey(e => e.Id);
            row.HasIndex(e => new { e.WorkspaceId, e.Realm, e.Entity, e.RecordId, e.Id }).HasDatabaseName("ix_effect_record");
            row.HasIndex(e => new { e.WorkspaceId, e.RunId }).HasDatabaseName("ix_effect_run");
        });
        model.Entity<JournalBlockRow>(row =>
        {
            row.ToTable("journal_block").HasKey(e => e.Id);
            row.HasIndex(e => e.WrittenAt).HasDatabaseName("ix_journal_block_written");
        });
        model.Entity<JournalEntryRow>().ToTable("journal_entry").HasKey(e => new { e.WorkspaceId, e.RunId, e.BlockId });
        model.Entity<IncidentRow>(row =>
        {
            row.ToTable("incident").HasKey(e => e.Id);
            row.HasIndex(e => new { e.WorkspaceId, e.DeploymentId, e.Fingerprint }).HasDatabaseName("ix_incident_open").IsUnique().HasFilter("recovered_at IS NULL");
            row.HasIndex(e => new { e.WorkspaceId, e.LastSeen }).HasDatabaseName("ix_incident_seen");
        });
    }

    private static void ConfigureSettings(ModelBuilder model)
    {
        model.Entity<DeploymentRow>(row =>
        {
            row.ToTable("deployment").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => new { e.WorkspaceId, e.Name }).HasDatabaseName("ix_deployment_name").IsUnique();
        });
        model.Entity<FlowVersionRow>().ToTable("flow_version").HasKey(e => new { e.WorkspaceId, e.Hash });
        model.Entity<WorkspaceKeyRow>().ToTable("workspace_key").HasKey(e => e.WorkspaceId);
        model.Entity<SchemaInfoRow>().ToTable("schema_info").HasKey(e => e.Name);
    }

    private static void ConfigureWorkspace(ModelBuilder model)
    {
        model.Entity<DraftRow>().ToTable("draft").HasKey(e => new { e.WorkspaceId, e.Id });
        model.Entity<TemplateVersionRow>().ToTable("template_version").HasKey(e => new { e.WorkspaceId, e.Template, e.Hash });
        model.Entity<ConnectionRow>().ToTable("connection").HasKey(e => new { e.WorkspaceId, e.Name });
        model.Entity<DeploymentVersionRow>().ToTable("deployment_version").HasKey(e => new { e.WorkspaceId, e.Name, e.Number });
    }

    private static void ConfigureAccess(ModelBuilder model)
    {
        model.Entity<HookTokenRow>(row =>
        {
            row.ToTable("hook_token").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => e.Hash).HasDatabaseName("ix_hook_token_hash").IsUnique();
        });
        model.Entity<AccessKeyRow>(row =>
        {
            row.ToTable("access_key").HasKey(e => new { e.WorkspaceId, e.Id });
            row.HasIndex(e => e.Id).HasDatabaseName("ix_access_key_id").IsUnique();
        });
        model.Entity<AuditRow>(row =>
        {
            row.ToTable("audit").HasKey(e => e.Id);
            row.HasIndex(e => new { e.WorkspaceId, e.Id }).HasDatabaseName("ix_audit_workspace");
        });
    }
}
