using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

public enum PlanTriggerKind
{
    /// <summary>A change of a record.</summary>
    Entity,

    /// <summary>A record starts to satisfy <see cref="PlanTrigger.Becomes"/>.</summary>
    Becomes,

    Schedule,

    Webhook,

    Manual,
}

/// <summary>What begins a run.</summary>
public sealed record PlanTrigger
{
    /// <summary>The trigger of an event that another flow handed over: its payload is the input.</summary>
    public const string StartId = "(start)";

    /// <summary>The trigger of a run by hand of a flow that has no manual trigger: its payload is the input.</summary>
    public const string ManualId = "(manual)";

    /// <summary>A second look at a record that was created without a key the vendor keeps unique; no run of the flow.</summary>
    public const string LookId = "(look)";

    private static readonly PlanTrigger Started = new() { Id = StartId, Kind = PlanTriggerKind.Manual, Place = new SourcePlace("", 0, 0) };
    private static readonly PlanTrigger ByHand = new() { Id = ManualId, Kind = PlanTriggerKind.Manual, Place = new SourcePlace("", 0, 0) };

    /// <summary>A trigger that every flow has without writing it; null for any other id.</summary>
    public static PlanTrigger? BuiltIn(string id) => id switch { StartId => Started, ManualId => ByHand, _ => null };

    /// <summary>Its id; a single trigger without one is called by its kind.</summary>
    public required string Id { get; init; }

    public required PlanTriggerKind Kind { get; init; }

    /// <summary>For entity triggers: the logical connection.</summary>
    public string? Connection { get; init; }

    /// <summary>For entity triggers: the entity.</summary>
    public EntityDescriptor? Entity { get; init; }

    /// <summary>For entity triggers: the catalogue's event with its feeds. For <c>becomes</c> the event whose feeds are polled.</summary>
    public EntityEvent? Event { get; init; }

    /// <summary>Paths read when the record is hydrated; empty = all the catalogue knows.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Gives the run's input out of <see cref="Slots.Trigger"/>: one value, an object. Null = the trigger's record or payload itself.</summary>
    public PlanMapping? With { get; init; }

    /// <summary>One boolean, after the record is read: over <see cref="Slots.Trigger"/>, <see cref="Slots.Input"/> and <see cref="Slots.Params"/>.</summary>
    public PlanMapping? Filter { get; init; }

    /// <summary>A key that passed the filter once always passes.</summary>
    public bool Sticky { get; init; }

    public bool LatestOnly { get; init; }

    public bool OnlyWhenChanged { get; init; }

    /// <summary>Paths of the record that the flow reads: the echo memory. Empty: the whole record.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Child entities this trigger covers and the steps read: a hint from their feeds tells of a change that the record itself does not show, so it is never dropped as unchanged.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>For <c>becomes</c>.</summary>
    public PlanCondition? Becomes { get; init; }

    /// <summary>The values of <see cref="Becomes"/>; may read parameters only.</summary>
    public PlanMapping? BecomesValues { get; init; }

    /// <summary>For a webhook: its name.</summary>
    public string? Webhook { get; init; }

    /// <summary>For a webhook: one text that tells deliveries apart; null = never deduplicated.</summary>
    public PlanMapping? EventId { get; init; }

    /// <summary>The pause between polls where it is written out; null = <see cref="Every"/> says it, if anything does.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>One duration over <see cref="Slots.Params"/>; null = 60 seconds for polls, the vendor's own pause for feeds.</summary>
    public PlanMapping? Every { get; init; }

    /// <summary>One date or instant over <see cref="Slots.Params"/>: where the source begins; null = at deployment.</summary>
    public PlanMapping? Since { get; init; }

    /// <summary>For a schedule: one cron text, and one time zone name, over <see cref="Slots.Params"/>.</summary>
    public PlanMapping? Schedule { get; init; }

    /// <summary>For a schedule: it ticks when what schedules of the template drained is settled, and is told the counts (<see cref="DrainCounts"/>).</summary>
    public bool AfterDrained { get; init; }

    /// <summary>With <see cref="AfterDrained"/>: <see cref="Drains"/> of the triggers it waits for; null = all.</summary>
    public string? DrainsOf { get; init; }

    /// <summary>For a schedule that drains: the event, by its full name. Null otherwise.</summary>
    public string? Drains => Kind == PlanTriggerKind.Schedule && Connection is not null && Entity is not null && Event is not null ? $"{Connection}/{Entity.Name}.{Event.Name}" : null;

    /// <summary>It tells of records that are gone: what came with the event is all there is to read.</summary>
    public bool TellsOfDeleted => Event?.Name == "deleted";

    public required SourcePlace Place { get; init; }
}
