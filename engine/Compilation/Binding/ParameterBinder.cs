using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Binds <c>parameters</c>: their types, defaults, limits.</summary>
internal static class ParameterBinder
{
    public static (ExprType Type, IReadOnlyList<PlanParameter> Parameters) Bind(FlowSession session)
    {
        var types = new Dictionary<string, ExprType>(StringComparer.Ordinal);
        var plans = new List<PlanParameter>();
        foreach (var parameter in session.Flow.Parameters.Concat(session.Context.Template?.Parameters ?? []))
        {
            if (types.ContainsKey(parameter.Name.Value)) continue;
            var type = session.Types.Bind(parameter.Type);
            Default(parameter, type, session);
            ParameterLimitCheck.Check(parameter, type, session.Problems);
            Where(parameter, session);
            types[parameter.Name.Value] = parameter is { IsOptional: true, Default: null or NullValue } ? type.Expr.OrNull() : type.Expr;
            plans.Add(new PlanParameter
            {
                Name = parameter.Name.Value,
                Title = parameter.Title?.Value,
                Type = type.Field,
                Connection = type.Connection,
                Word = type.Word is "timeZone" or "cron" ? type.Word : null,
                Optional = parameter.IsOptional || parameter.Default is not null,
                Default = LiteralClr.Of(parameter.Default, type.Field),
                Min = LiteralClr.Of(parameter.Min, type.Field),
                Max = LiteralClr.Of(parameter.Max, type.Field),
                Place = ExpressionBinder.Place(parameter.Name.Span),
            });
        }

        return (ExprType.Object(null, types), plans);
    }

    private static void Default(ParameterDefinition parameter, BoundType type, FlowSession session)
    {
        if (parameter.Default is null or NullValue) return;
        var value = parameter.Default;
        var place = new ValuePlace { Name = $"The parameter '{parameter.Name.Value}'", Type = type.Field, Connection = type.Connection ?? "" };
        session.Values.Bind(value, place, NameScope.Empty);
        WordCheck.Check(value, type.Word, session.Problems);
    }

    private static void Where(ParameterDefinition parameter, FlowSession session)
    {
        if (parameter.Where is null) return;
        if (parameter.Type is not EntityType reference)
        {
            session.Problems.Add(RequiresDiagnostics.UnfitLimit(parameter.Where.Span, "where", "this", "a type that names an entity"));
            return;
        }

        if (session.Catalog.Entity(reference.Entity, new DiagnosticBag()) is not { } entity) return;
        var scope = new StepScope(NameScope.Empty, System.Collections.Immutable.ImmutableDictionary<string, int>.Empty);
        new WhereBinder(session, entity, NameScope.Empty, new MappingWriter(scope)) { ScanAllowed = false }.Bind(parameter.Where);
    }
}
