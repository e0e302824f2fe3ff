using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>What lookups, queries and aggregates have in common.</summary>
internal sealed record ReadParts
{
    public required EntityModel Entity { get; init; }

    public required RecordReads Reads { get; init; }

    public required PlanCondition Where { get; init; }

    public required MappingWriter Values { get; init; }

    public required IReadOnlyList<string> Fields { get; init; }

    public required IReadOnlyList<PlanOption> Options { get; init; }

    public required bool IncludeInactive { get; init; }

    /// <summary>Null when the entity is not known; the expressions are checked all the same.</summary>
    public static ReadParts? Bind(ReadStep step, StepContext context)
    {
        var session = context.Session;
        var values = new MappingWriter(context.Scope);
        if (session.Catalog.Entity(step.Entity, session.Problems) is not { } entity)
        {
            LooseCheck.Where(step.Where, context);
            return null;
        }

        VerbCheck.Read(entity, step.Entity, session.Problems);
        if (!context.IsAgain) session.Reads.Add((entity, step));
        var where = new WhereBinder(session, entity, context.Scope.Names, values) { Scan = step.Scan?.Value == true };
        var condition = where.Bind(step.Where);
        var reads = new RecordReads(entity);
        return new ReadParts
        {
            Entity = entity,
            Reads = reads,
            Where = condition,
            Values = values,
            Fields = session.Plan.Defer([reads]),
            Options = OptionsCompiler.Bind(step, entity.Connection, context, values),
            IncludeInactive = where.IncludeInactive,
        };
    }

    public static IReadOnlyList<Abstractions.OrderTerm> Order(IReadOnlyList<OrderTerm> terms, EntityModel entity, StepContext context)
    {
        var result = new List<Abstractions.OrderTerm>();
        foreach (var term in terms)
        {
            if (FieldCheck.Resolve(entity, term.Field, context.Problems) is { } field) result.Add(new Abstractions.OrderTerm(field.Path, term.Descending));
        }

        return result;
    }
}
