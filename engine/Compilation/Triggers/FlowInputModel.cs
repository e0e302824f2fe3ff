using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Triggers;

/// <summary>What <c>input</c> is in the steps, and what a trigger must give for it.</summary>
internal sealed record FlowInputModel
{
    /// <summary>Null when there is no input at all.</summary>
    public required ExprType? Type { get; init; }

    /// <summary>What <c>with</c> must give; null = it is not declared.</summary>
    public IReadOnlyList<TakenValue>? Taken { get; init; }

    /// <summary>The entity whose record is the input; null for declared fields.</summary>
    public EntityModel? Entity { get; init; }

    /// <summary>What is read of that record.</summary>
    public RecordReads? Reads { get; init; }

    public static FlowInputModel Of(FlowSession session)
    {
        var flow = session.Flow;
        if (flow.Input is { } input)
        {
            if (input.Entity is { } reference)
            {
                return session.Catalog.Entity(reference, session.Problems) is { } entity
                    ? Record(entity, session) with { Taken = FlowInput.Of(flow, session) }
                    : new FlowInputModel { Type = ExprType.Any };
            }

            var taken = input.Fields.Select(f => FlowInput.Field(f, session.Types)).ToArray();
            return new FlowInputModel { Type = Declared(input, session), Taken = taken };
        }

        return flow.Triggers.Count == 0 ? new FlowInputModel { Type = null } : FromTriggers(session);
    }

    private static ExprType Declared(InputDefinition input, FlowSession session)
    {
        var fields = new Dictionary<string, ExprType>(StringComparer.Ordinal);
        foreach (var field in input.Fields)
        {
            var type = session.Types.Bind(field.Type);
            if (field.Default is { } given)
            {
                session.Values.Bind(given, new ValuePlace { Name = $"'{field.Name.Value}'", Type = type.Field, Connection = type.Connection ?? "" }, Expressions.Analysis.NameScope.Empty);
            }

            fields[field.Name.Value] = field is { IsOptional: true, Default: null or NullValue } ? type.Expr.OrNull() : type.Expr;
        }

        return ExprType.Object(null, fields);
    }

    private static FlowInputModel FromTriggers(FlowSession session)
    {
        var triggers = session.Flow.Triggers;
        if (triggers is [ScheduleTrigger { After: not null, With: null }]) return new FlowInputModel { Type = Counts };
        if (TriggersEntity(session.Flow, session) is { } entity) return Record(entity, session);

        // With one trigger the lines of its 'with' are the input; the first that is bound tells their types.
        if (triggers.Count > 1) session.Problems.Add(TriggerDiagnostics.InputMissing(triggers[1].Kind.Span));
        return new FlowInputModel { Type = ExprType.Any };
    }

    /// <summary>The entity whose record is the input of a flow that declares none: that of all its triggers. Null: they give different ones, or none.</summary>
    public static EntityModel? TriggersEntity(FlowDefinition flow, FlowSession session)
    {
        var silent = new DiagnosticBag();
        var entities = flow.Triggers.Select(t => Source(t) is { } reference ? session.Catalog.Entity(reference, silent) : null).ToArray();
        return flow.Triggers.Count > 0 && flow.Triggers.All(t => t is EntityTrigger or ScheduleTrigger { For: not null, After: null } && t.With is null) && entities.All(e => e is not null && e == entities[0]) ? entities[0] : null;
    }

    /// <summary>What <c>trigger</c> is behind <c>after: drained</c>.</summary>
    public static ExprType Counts { get; } = ExprType.Object([(DrainCounts.Since, ExprType.Instant), .. DrainCounts.Numbers.Select(n => (n, ExprType.Integer))]);

    /// <summary>The entity whose records a trigger gives; a schedule that waits for drains gives none.</summary>
    public static EntityReference? Source(TriggerDefinition trigger) => trigger switch
    {
        EntityTrigger entity => entity.On.Entity,
        ScheduleTrigger { After: null } schedule => schedule.For?.Entity,
        _ => null,
    };

    private static FlowInputModel Record(EntityModel entity, FlowSession session)
    {
        var reads = new RecordReads(entity);
        return new FlowInputModel { Type = session.Shapes.Record(reads), Entity = entity, Reads = reads };
    }
}
