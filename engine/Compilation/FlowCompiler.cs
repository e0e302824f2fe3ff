using System.Collections.Immutable;
using WorkflowEngine.Compilation.Binding;
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
    [ThreadStatic]
    private static HashSet<string>? asked;

    private static readonly ExprType Run = ExprType.Object(
        ("id", ExprType.Text), ("now", ExprType.Instant), ("flow", ExprType.Text), ("trigger", ExprType.Text), ("scheduledFor", ExprType.Instant.OrNull()));

    public static CompileResult Compile(FlowDefinition flow, CompileContext context)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(context);
        var problems = new DiagnosticBag();
        var plan = Write(new FlowSession(context, flow, problems), out _);
        return new CompileResult(problems.HasErrors ? null : plan, problems.ToSorted());
    }

    /// <summary>What <c>flow:</c> gets of a flow; its mistakes are reported with its own file.</summary>
    internal static ExprType OutputOf(FlowDefinition flow, CompileContext context)
    {
        asked ??= new HashSet<string>(StringComparer.Ordinal);
        // A circle is reported where it is written.
        if (flow.Output is null || !asked.Add(flow.Flow.Value)) return flow.Output is null ? ExprType.Null : ExprType.Any;
        try
        {
            Write(new FlowSession(context, flow, new DiagnosticBag()), out var output);
            return output;
        }
        finally
        {
            asked.Remove(flow.Flow.Value);
        }
    }

    private static CompiledFlow Write(FlowSession session, out ExprType output)
    {
        var flow = session.Flow;
        var (parameters, parameterPlans) = ParameterBinder.Bind(session);
        var (tables, tablePlans) = TableBinder.Bind(session);
        var basis = new StepScope(NameScope.Empty, ImmutableDictionary<string, int>.Empty)
            .With("params", parameters, Slots.Params)
            .With("tables", tables, Slots.Tables)
            .With("run", Run, Slots.Run);
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

        scope = scope.Without("trigger", "it exists only in the trigger's own lines")
            .Without("found", "it exists only in setOnUpdate")
            .Without("error", "it exists only in onError");
        var key = Key(session, scope);

        StepIdCheck.Check(flow, session.Problems);
        foreach (var id in StepIds.Of(flow.Steps))
        {
            session.StepIds.TryAdd(id.Value, id.Span);
            scope = Reserve(scope, id);
        }

        var end = new StepSequence(session).Compile(flow.Steps, scope, inLoop: false) ?? scope;
        output = flow.Output is { } result
            ? session.Values.Bind(result, ValuePlace.Anything("'output'") with { Leaves = true }, end.Names).Type
            : ExprType.Null;

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
            Connections = session.Catalog.Connections.ToDictionary(c => c.Name, c => c.Connector.Name, StringComparer.Ordinal),
            Triggers = decided,
            Key = key,
            KeyIsRecordId = KeyCheck.IsRecordId(session, input, triggers),
            Instructions = [.. session.Plan.Instructions],
            SlotCount = session.Plan.SlotNames.Count,
            SlotNames = [.. session.Plan.SlotNames],
            Restartable = RestartableCheck.Judge(session),
            NotYet = [.. session.Plan.NotYet],
            Entities = session.Catalog.Connections.ToDictionary(c => c.Name, c => c.Used, StringComparer.Ordinal),
            Input = FlowInputType.Of(session, input),
            Parameters = parameterPlans,
            Tables = tablePlans,
        };
        return session.Problems.HasErrors ? plan : PlanHasher.Sign(plan);
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
