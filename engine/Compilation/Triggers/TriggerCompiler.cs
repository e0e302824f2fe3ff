using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Triggers;

/// <summary>A trigger that was bound, and what rules about the whole flow ask of it.</summary>
internal sealed record BoundTrigger(TriggerDefinition Definition, PlanTrigger Plan)
{
    public EntityModel? Entity { get; init; }

    public EntityEvent? Event { get; init; }

    /// <summary>Fields of the record the filter reads.</summary>
    public IReadOnlySet<string> FilterReads { get; init; } = new HashSet<string>();

    /// <summary>For each value of the input the fields of the record it is made of; null when the input is the record.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>>? WithReads { get; init; }

    /// <summary>Values of the input that are the record's id as it is.</summary>
    public IReadOnlySet<string> IdValues { get; init; } = new HashSet<string>();

    /// <summary>What the lines of <c>with</c> make; null without them.</summary>
    public ExprType? WithType { get; init; }

    /// <summary>Paths of the input that are not null because the filter has passed.</summary>
    public IReadOnlySet<string> InputFacts { get; init; } = new HashSet<string>();
}

/// <summary>Binds one trigger.</summary>
internal sealed class TriggerCompiler(FlowSession session, FlowInputModel input, StepScope basis)
{
    /// <summary>Vendors are kept safe by their budgets; this only refuses what cannot be meant.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public BoundTrigger Compile(TriggerDefinition trigger)
    {
        var entity = FlowInputModel.Source(trigger) is { } reference ? session.Catalog.Entity(reference, session.Problems) : null;
        var named = Event(trigger, entity);
        var reads = entity is null ? null : new RecordReads(entity);
        IReadOnlyDictionary<string, IReadOnlySet<string>>? withReads = null;
        IReadOnlySet<string> ids = new HashSet<string>();
        ExprType? withType = null;
        var type = reads is not null ? session.Shapes.Record(reads) : trigger is ScheduleTrigger { After: not null } ? FlowInputModel.Counts : ExprType.Any;
        var hasRecord = trigger is EntityTrigger or ScheduleTrigger { For: not null, After: null };
        var scope = trigger is ScheduleTrigger { For: null, After: null } or ManualTrigger ? basis : basis.With("trigger", type, Slots.Trigger);
        TriggerShapeCheck.Check(trigger, hasRecord, session.Problems);

        var asIs = IsRecord(trigger, entity);
        if (asIs) reads!.Also = input.Reads;
        var filterScope = asIs && input.Type is { } record ? scope.With("input", record, Slots.Input) : scope;
        var filter = Filter(trigger, filterScope, out var filterReads, out var facts);
        // A key that passed once always passes, so a sticky filter shows nothing of this record.
        if (trigger.Sticky?.Value == true) facts = new HashSet<string>();
        var with = asIs ? null : With(trigger, scope.Narrow(facts), entity, out withReads, out ids, out withType);
        var (becomes, becomesValues, becomesPaths) = Becomes(trigger, entity);
        var plan = new PlanTrigger
        {
            Id = trigger.Id?.Value ?? trigger.Kind.Value,
            Kind = Kind(trigger),
            Connection = entity?.Connection.Name,
            Entity = entity?.Descriptor,
            Event = named,
            Fields = reads is null ? [] : session.Plan.Defer([reads], becomesPaths),
            Reads = reads is null ? [] : session.Plan.Defer([reads]),
            With = with,
            Filter = filter,
            Sticky = trigger.Sticky?.Value == true,
            LatestOnly = trigger.LatestOnly?.Value == true,
            OnlyWhenChanged = trigger.OnlyWhenChanged?.Value == true,
            Becomes = becomes,
            BecomesValues = becomesValues,
            Webhook = (trigger as WebhookTrigger)?.Name.Value,
            EventId = (trigger as WebhookTrigger)?.EventId is { } eventId ? Value(eventId, "'eventId'", FieldKind.Text, scope, AnalysisOptions.Key) : null,
            Every = Every(trigger),
            Pause = trigger.Every is LiteralValue { Text: var every } && DurationText.TryParse(every, out var pause) ? pause : null,
            Since = Since(trigger),
            Schedule = Schedule(trigger as ScheduleTrigger),
            AfterDrained = trigger is ScheduleTrigger { After: not null },
            DrainsOf = DrainCheck.Of(trigger, session),
            Place = ExpressionBinder.Place(trigger.Kind.Span),
        };
        return new BoundTrigger(trigger, plan) { Entity = entity, Event = named, FilterReads = filterReads, WithReads = withReads, IdValues = ids, WithType = withType, InputFacts = asIs ? OfInput(facts) : [] };
    }

    private EntityEvent? Event(TriggerDefinition trigger, EntityModel? entity)
    {
        var reference = trigger switch { EntityTrigger t => t.On, ScheduleTrigger s => s.For, _ => null };
        if (reference is null || entity is null) return null;
        var events = entity.Descriptor.Events;
        var names = events.Select(e => e.Name).ToArray();
        if (trigger is EntityTrigger { Becomes: not null })
        {
            if (reference.Event is not null) session.Problems.Add(TriggerDiagnostics.BecomesOfEvent(reference.Event.Span));
            var changed = events.FirstOrDefault(e => e.Name == "changed") ?? (events.Count > 0 ? events[0] : null);
            if (changed is null) session.Problems.Add(BindingDiagnostics.UnknownEvent(reference.Span, entity.FullName, "changed", names));
            return changed;
        }

        if (reference.Event is null)
        {
            session.Problems.Add(TriggerDiagnostics.EventMissing(reference.Span, entity.FullName, names));
            return null;
        }

        var found = events.FirstOrDefault(e => e.Name == reference.Event.Value);
        if (found is null) session.Problems.Add(BindingDiagnostics.UnknownEvent(reference.Event.Span, entity.FullName, reference.Event.Value, names));
        return found;
    }

    // The input is the trigger's record as it is.
    private bool IsRecord(TriggerDefinition trigger, EntityModel? entity) =>
        entity is not null && entity == input.Entity && (trigger.With is null || trigger.With.Whole?.Expression.Text.Trim() == "trigger");

    private static HashSet<string> OfInput(IEnumerable<string> facts) =>
        [.. facts.Select(f => f.StartsWith("trigger.", StringComparison.Ordinal) ? "input" + f["trigger".Length..] : f).Where(f => f.StartsWith("input.", StringComparison.Ordinal))];

    private PlanMapping? With(
        TriggerDefinition trigger, StepScope scope, EntityModel? entity,
        out IReadOnlyDictionary<string, IReadOnlySet<string>>? withReads, out IReadOnlySet<string> ids, out ExprType? type)
    {
        type = null;
        withReads = null;
        ids = new HashSet<string>();
        var taker = "The flow";
        if (trigger.With is null)
        {
            if (input.Taken is null) return null;
            new WithBinder(session, scope.Names).Bind(null, taker, trigger.Kind.Span, trigger is ManualTrigger ? null : input.Taken);
            return null;
        }

        var values = new WithBinder(session, scope.Names).Bind(trigger.With, taker, trigger.Kind.Span, input.Taken);
        withReads = values.GroupBy(v => v.Name, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => (IReadOnlySet<string>)g.First().Value.Reads.Where(r => r is { Root: "trigger", Members.Length: > 0 }).Select(r => r.Members[0]).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        ids = values.Where(v => entity is not null && v.Value.Source == $"trigger.{entity.Descriptor.IdField}").Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var whole = ValueBinder.ObjectOf(trigger.With.Span, values);
        type = whole.Type;

        // A payload is read by the input's type when it comes in, so it is the input as it is: nothing is left to compute.
        if (trigger is WebhookTrigger or ManualTrigger && trigger.With.Whole?.Expression.Text.Trim() == "trigger") return null;
        return MappingWriter.One(whole, scope);
    }

    private PlanMapping? Filter(TriggerDefinition trigger, StepScope scope, out IReadOnlySet<string> reads, out IReadOnlySet<string> facts)
    {
        facts = new HashSet<string>();
        var read = new HashSet<string>(StringComparer.Ordinal);
        reads = read;
        if (trigger.Filter is not { } filter) return null;
        ExpressionAnalysis? analysis = null;
        if (filter.Expression is { } text)
        {
            analysis = ConditionCheck.Analyze(session, text, scope.Names);
            facts = analysis.WhenTrueNonNull;
            read.UnionWith(analysis.Reads.Where(r => r is { Root: "trigger" or "input", Members.Length: > 0 }).Select(r => r.Members[0]));
        }

        return MappingWriter.One(Steps.StepSequence.ConditionValue(filter, analysis), scope);
    }

    private (PlanCondition? Condition, PlanMapping? Values, IReadOnlyCollection<string> Paths) Becomes(TriggerDefinition trigger, EntityModel? entity)
    {
        if (trigger is not EntityTrigger { Becomes: { } becomes } || entity is null) return (null, null, []);
        var values = new MappingWriter(basis);
        var binder = new WhereBinder(session, entity, ParamsOnly.Names, values) { JudgedHere = true };
        var condition = binder.Bind(becomes);
        return (condition, values.Build(), [.. binder.Paths, .. Beginnings(entity, binder.Paths)]);
    }

    /// <summary>What says whether a record that is seen for the first time satisfies the condition since the deployment, or did so before.</summary>
    private static IEnumerable<string> Beginnings(EntityModel entity, IReadOnlyCollection<string> paths)
    {
        var fields = entity.Descriptor.Fields;
        return fields.Where(f => paths.Contains(f.Name)).Select(f => f.Since).OfType<string>().Concat(["CreatedDate", "createdOn"]).Where(n => fields.Any(f => f.Name == n));
    }

    private StepScope ParamsOnly => basis with
    {
        Names = basis.Names.Without("run").WithUnavailable("run", "only parameters are known before anything runs")
            .Without("tables").WithUnavailable("tables", "only parameters are known before anything runs"),
    };

    private PlanMapping Value(ValueDefinition value, string name, FieldKind kind, StepScope scope, AnalysisOptions? options = null) => MappingWriter.One(
        session.Values.Bind(value, new ValuePlace { Name = name, Type = FieldType.Of(kind), Nullable = options is null, Options = options ?? AnalysisOptions.Default }, scope.Names), scope);

    private PlanMapping? Every(TriggerDefinition trigger)
    {
        if (trigger.Every is not { } every) return null;
        if (every is LiteralValue literal && DurationText.TryParse(literal.Text, out var pause) && pause < Shortest)
        {
            session.Problems.Add(TriggerDiagnostics.TooOften(literal.Span));
        }

        var value = Value(every, "'every'", FieldKind.Duration, ParamsOnly);
        return every is ExpressionValue ? value : null;
    }

    private PlanMapping? Since(TriggerDefinition trigger) => trigger.Since switch
    {
        null => null,
        LiteralValue { Text: var text } literal when LiteralText.IsDate(text) => Value(literal, "'since'", FieldKind.Date, ParamsOnly),
        var since => Value(since, "'since'", FieldKind.Instant, ParamsOnly),
    };

    private PlanMapping? Schedule(ScheduleTrigger? trigger)
    {
        if (trigger is null) return null;
        var values = new MappingWriter(basis);
        var place = new ValuePlace { Name = "'schedule'", Type = FieldType.Of(FieldKind.Text), Nullable = false };
        values.Add(session.Values.Bind(trigger.Schedule, place, ParamsOnly.Names));
        WordCheck.Check(trigger.Schedule, "cron", session.Problems);
        if (trigger.TimeZone is { } zone)
        {
            values.Add(session.Values.Bind(zone, place with { Name = "'timeZone'" }, ParamsOnly.Names));
            WordCheck.Check(zone, "timeZone", session.Problems);
        }

        return values.Build();
    }

    private static PlanTriggerKind Kind(TriggerDefinition trigger) => trigger switch
    {
        EntityTrigger { Becomes: not null } => PlanTriggerKind.Becomes,
        EntityTrigger => PlanTriggerKind.Entity,
        ScheduleTrigger => PlanTriggerKind.Schedule,
        WebhookTrigger => PlanTriggerKind.Webhook,
        _ => PlanTriggerKind.Manual,
    };
}
