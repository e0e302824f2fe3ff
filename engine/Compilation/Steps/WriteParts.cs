using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>What steps that write have in common.</summary>
internal static class WriteParts
{
    public static void Note(StepDefinition step, EntityModel entity, StepContext context)
    {
        if (!context.IsAgain) context.Session.Writes.Add((entity, step));
    }

    public static PlanEmpty Empty(Located<EmptyRule>? empty) => empty?.Value == EmptyRule.Clear ? PlanEmpty.Clear : PlanEmpty.Keep;

    /// <summary>The output of a write: the id, what happened, and the record; reads of what happened are watched.</summary>
    public static ExprType Output(EntityModel entity, RecordReads record, FlowSession session, params (string Name, ExprType Type)[] more)
    {
        var fields = new Dictionary<string, ExprType>(StringComparer.Ordinal)
        {
            ["id"] = ExprType.Id(entity.FullName),
            ["record"] = session.Shapes.Record(record),
        };
        foreach (var (name, type) in more) fields[name] = type;
        return Watched(fields, session);
    }

    public static ExprType Changed(EntityModel entity, FlowSession session) => Watched(
        new Dictionary<string, ExprType>(StringComparer.Ordinal) { ["id"] = ExprType.Id(entity.FullName), ["changed"] = ExprType.Boolean }, session);

    /// <summary>Checks the lines of a step whose entity is not known.</summary>
    public static void Loose(IEnumerable<FieldLine> lines, StepContext context)
    {
        foreach (var line in lines)
        {
            var value = line.Value is ReferenceValue reference ? reference.Value : line.Value;
            // What was found is unknown too.
            var names = context.Scope.Names.With("found", ExprType.Any);
            context.Session.Values.Bind(value, ValuePlace.Anything("this") with { Options = AnalysisOptions.FieldValue }, names);
        }
    }

    private static ExprType Watched(Dictionary<string, ExprType> fields, FlowSession session)
    {
        var shape = new ObjectShape(null, fields);
        session.OutcomeShapes.Add(shape);
        return ExprType.Object(shape);
    }
}
