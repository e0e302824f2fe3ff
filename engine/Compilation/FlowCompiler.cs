using System.Collections.Immutable;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation;

/// <summary>From a definition to a plan: binds every name, checks every rule, and reports all mistakes at once. Pure; never throws for what an author wrote.</summary>
public static class FlowCompiler
{
    private static readonly ExprType Run = ExprType.Object(
        ("id", ExprType.Text), ("now", ExprType.Instant), ("flow", ExprType.Text), ("trigger", ExprType.Text), ("scheduledFor", ExprType.Instant.OrNull()));

    public static CompileResult Compile(FlowDefinition flow, CompileContext context)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(context);
        var problems = new DiagnosticBag();
        var plan = Write(new FlowSession(context, flow, problems));
        return new CompileResult(problems.HasErrors ? null : plan, problems.ToSorted());
    }

    private static CompiledFlow Write(FlowSession session)
    {
        var flow = session.Flow;
        var basis = Head(session);
        var input = FlowInputModel.Of(session);
        var triggers = flow.Triggers.Select(t => new TriggerCompiler(session, input, basis).Compile(t)).ToArray();

        // One trigger that says what it gives says what the steps get.
        var given = input.Taken is null && triggers is [{ WithType: { } made }] ? made : input.Type;
        var scope = given is { } type
            ? basis.With("input", type, Slots.Input)
            : basis.Without("input", "nothing starts this flow and it declares no 'input'");
        if (triggers.Length > 0)
        {
            scope = scope.Narrow(triggers.Skip(1).Aggregate(triggers[0].InputFacts.AsEnumerable(), (facts, t) => facts.Intersect(t.InputFacts)).ToArray());
        }

        scope = Hidden(scope);
        var key = Key(session, scope);

        StepIdCheck.Check(flow, session.Problems);
        scope = Ready(session, scope);
        var end = new StepSequence(session).Compile(flow.Steps, scope, inLoop: false) ?? scope;
        if (flow.Output is { } result) session.Values.Bind(result, ValuePlace.Anything("'output'") with { Leaves = true }, end.Names);

        CycleCheck.Check(session);
        UnusedParameterCheck.Check(session);
        WebhookInputCheck.Check(session);
        StickyCheck.Check(session, triggers);
        var decided = triggers.Select(t => OnlyWhenChangedCheck.Decide(session, t)).ToArray();
        foreach (var action in session.AtEnd) action();
        session.Plan.Freeze();
        var plan = new CompiledFlow
        {
            Id = flow.Flow.Value,
            Title = flow.Title?.Value,
            Version = flow.Version?.Value ?? session.Context.Template?.Version?.Value,
            Hash = "",
            Connections = Connections(session).GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Connector.Name, StringComparer.Ordinal),
            Triggers = decided,
            Key = key,
            KeyIsRecordId = KeyCheck.IsRecordId(session, input, triggers),
            Instructions = [.. session.Plan.Instructions],
            SlotCount = session.Plan.SlotNames.Count,
            SlotNames = [.. session.Plan.SlotNames],
            Restartable = RestartableCheck.Judge(session),
            Entities = Connections(session).GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Entities(g), StringComparer.Ordinal),
            Input = FlowInputType.Of(session, input),
            InputDefaults = FlowInputType.Defaults(session),
            Parameters = [.. session.Parameters.Concat(session.Taken.SelectMany(t => t.Parameters)).DistinctBy(p => p.Name, StringComparer.Ordinal)],
            Tables = [.. session.Tables.Concat(session.Taken.SelectMany(t => t.Tables)).DistinctBy(t => t.Name, StringComparer.Ordinal)],
        };
        return session.Problems.HasErrors ? plan : PlanHasher.Sign(plan);
    }

    /// <summary>What every expression of the flow may read: parameters, tables, the run.</summary>
    internal static StepScope Head(FlowSession session)
    {
        var (parameters, parameterPlans) = ParameterBinder.Bind(session);
        var (tables, tablePlans) = TableBinder.Bind(session);
        (session.Parameters, session.Tables) = (parameterPlans, tablePlans);
        return new StepScope(NameScope.Empty, ImmutableDictionary<string, int>.Empty)
            .With("params", parameters, Slots.Params)
            .With("tables", tables, Slots.Tables)
            .With("run", Run, Slots.Run);
    }

    /// <summary>The scope before the first step: the ids of all steps are known and come later.</summary>
    internal static StepScope Ready(FlowSession session, StepScope scope)
    {
        scope = Hidden(scope);
        foreach (var id in StepIds.Of(session.Flow.Steps))
        {
            session.StepIds.TryAdd(id.Value, id.Span);
            scope = Reserve(scope, id);
        }

        return scope;
    }

    private static StepScope Hidden(StepScope scope) => scope
        .Without("trigger", "it exists only in the trigger's own lines")
        .Without("found", "it exists only in setOnUpdate")
        .Without("error", "it exists only in onError");

    private static IEnumerable<ConnectionModel> Connections(FlowSession session) => session.Catalog.Connections.Concat(session.Taken.SelectMany(t => t.Catalog.Connections));

    private static IReadOnlyList<EntityDescriptor> Entities(IEnumerable<ConnectionModel> connections)
    {
        var all = new SortedDictionary<string, EntityDescriptor>(StringComparer.Ordinal);
        foreach (var entity in connections.SelectMany(c => c.Used))
        {
            all[entity.Name] = all.TryGetValue(entity.Name, out var known) ? known with { Fields = [.. known.Fields, .. entity.Fields.Where(f => known.Field(f.Name) is null)] } : entity;
        }

        return [.. all.Values];
    }

    private static PlanMapping? Key(FlowSession session, StepScope scope)
    {
        if (session.Flow.Key is not { } key) return null;
        var place = new ValuePlace { Name = "'key'", Nullable = false, Options = AnalysisOptions.Key };
        var value = session.Values.Bind(key, place, scope.Names);
        KeyCheck.Type(value, session.Problems);
        return MappingWriter.One(value, scope);
    }

    private static StepScope Reserve(StepScope scope, Located<string> id) =>
        scope.Names.TryGet(id.Value, out _) ? scope : scope.Without(id.Value, $"step '{id.Value}' comes later, on line {id.Span.Start.Line}");
}
