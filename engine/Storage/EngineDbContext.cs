using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>The model shared by all databases; each database derives its own, with its own migrations.</summary>
public abstract class EngineDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<StoredRunRow> Runs => Set<StoredRunRow>();

    public DbSet<StoredEffectRow> Effects => Set<StoredEffectRow>();

    public DbSet<JournalEntryRow> JournalEntries => Set<JournalEntryRow>();

    public DbSet<JournalBlockRow> JournalBlocks => Set<JournalBlockRow>();

    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();

    public DbSet<ReviewRow> Reviews => Set<ReviewRow>();

    public DbSet<BackfillRow> Backfills => Set<BackfillRow>();

    public DbSet<BulkJobRow> BulkJobs => Set<BulkJobRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<DeploymentRow> Deployments => Set<DeploymentRow>();

    public DbSet<FlowVersionRow> FlowVersions => Set<FlowVersionRow>();

    public DbSet<CursorRow> Cursors => Set<CursorRow>();

    public DbSet<WorkspaceKeyRow> WorkspaceKeys => Set<WorkspaceKeyRow>();

    public DbSet<SchemaInfoRow> SchemaInfo => Set<SchemaInfoRow>();

    public DbSet<DraftRow> Drafts => Set<DraftRow>();

    public DbSet<TemplateVersionRow> TemplateVersions => Set<TemplateVersionRow>();

    public DbSet<ConnectionRow> Connections => Set<ConnectionRow>();

    public DbSet<DeploymentVersionRow> DeploymentVersions => Set<DeploymentVersionRow>();

    public DbSet<HookTokenRow> HookTokens => Set<HookTokenRow>();

    public DbSet<AccessKeyRow> AccessKeys => Set<AccessKeyRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) => EngineModel.Configure(modelBuilder);

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<TicksConverter>();
}
