using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>Which records an <c>update</c> or <c>delete</c> means.</summary>
/// <param name="Record">Index of the id among the step's values; -1 = by condition.</param>
/// <param name="Where">The condition; null = by id.</param>
/// <param name="All">Several records are meant.</param>
/// <param name="IncludeInactive">Hidden rows too.</param>
internal sealed record TargetParts(int Record, PlanCondition? Where, bool All, bool IncludeInactive)
{
    public static TargetParts Bind(
        ValueDefinition? record, WhereClause? where, Located<bool>? all, Located<bool>? scan, StepDefinition step, EntityModel entity, StepContext context, MappingWriter values)
    {
        var session = context.Session;
        if (record is not null && all is { Value: true }) session.Problems.Add(FlowDiagnostics.AllOfOne(all.Span));
        var index = -1;
        if (record is not null)
        {
            var place = new ValuePlace
            {
                Name = "'record'",
                Type = FieldType.IdOf(entity.Name),
                Connection = entity.Connection.Name,
                Nullable = false,
            };
            index = values.Add(session.Values.Bind(record, place, context.Scope.Names));
        }

        if (where is null) return new TargetParts(index, null, false, false);
        if (!context.IsAgain) session.Reads.Add((entity, step));
        session.NeedsCheckpoint = true;
        var binder = new WhereBinder(session, entity, context.Scope.Names, values) { Scan = scan?.Value == true };
        var condition = binder.Bind(where);
        return new TargetParts(index, condition, all?.Value == true && record is null, binder.IncludeInactive);
    }

    public static ExprType Output(EntityModel entity, bool all, PlanOrElse orElse, FlowSession session)
    {
        var one = WriteParts.Changed(entity, session);
        return all ? ExprType.List(one) : orElse == PlanOrElse.None ? one.OrNull() : one;
    }
}
