using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Binds a <c>where</c> (and <c>becomes</c>) to the fields of an entity.</summary>
internal sealed class WhereBinder(FlowSession session, EntityModel entity, NameScope scope, MappingWriter values)
{
    /// <summary>The author reads all rows rather than ask by a field the vendor cannot filter by.</summary>
    public bool Scan { get; init; }

    /// <summary>The step can say <c>scan</c>.</summary>
    public bool ScanAllowed { get; init; } = true;

    /// <summary>The condition is judged here, on a record that was read: the vendor need not be able to filter.</summary>
    public bool JudgedHere { get; init; }

    /// <summary>Fields the condition names.</summary>
    public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>The condition names the field that hides rows, so they are read too.</summary>
    public bool IncludeInactive { get; private set; }

    public PlanCondition Bind(WhereClause? where)
    {
        if (where is null) return new PlanAll([]);
        var parts = new List<PlanCondition>();
        foreach (var line in where.Lines)
        {
            switch (line)
            {
                case WhereAny any:
                    parts.Add(new PlanAny([.. any.Clauses.Select(Bind)]));
                    break;
                case WhereField field:
                    parts.AddRange(Field(field));
                    break;
            }
        }

        return parts.Count == 1 ? parts[0] : new PlanAll(parts);
    }

    private IEnumerable<PlanCondition> Field(WhereField line)
    {
        if (FieldCheck.Resolve(entity, line.Path, session.Problems) is not { } field)
        {
            // The expressions are checked all the same.
            foreach (var test in line.Tests) session.Values.Bind(test.Value, ValuePlace.Anything(line.Path.Value), scope);
            return [];
        }

        Paths.Add(field.Path);
        IncludeInactive |= field.Path == entity.Descriptor.ActiveField;
        if (!JudgedHere) FilterCheck.Check(field, line.Path.Span, Scan, ScanAllowed, session.Problems);
        return line.Tests.Select(t => Test(field, t)).ToArray();
    }

    private PlanField Test(ResolvedField field, WhereTest test)
    {
        FilterCheck.Operator(field, test, session.Problems);
        if (test.Operator is WhereOperator.Is or WhereOperator.Not && test.Value is NullValue)
        {
            return new PlanField(field.Path, field.Field, test.Operator == WhereOperator.Is ? Comparison.IsNull : Comparison.IsNotNull, []);
        }

        if (test.Value is NullValue)
        {
            session.Problems.Add(FlowDiagnostics.NullInWhere(test.Value.Span, field.Path));
            return new PlanField(field.Path, field.Field, Comparison.IsNull, []);
        }

        var operation = test.Operator switch
        {
            WhereOperator.Equal or WhereOperator.In => Comparison.In,
            WhereOperator.NotIn or WhereOperator.Not => Comparison.NotIn,
            WhereOperator.Gt => Comparison.Greater,
            WhereOperator.Gte => Comparison.GreaterOrEqual,
            WhereOperator.Lt => Comparison.Less,
            WhereOperator.Lte => Comparison.LessOrEqual,
            WhereOperator.Like => Comparison.Like,
            // { is: x } other than null is a misunderstanding that the reader has refused.
            _ => Comparison.In,
        };
        return new PlanField(field.Path, field.Field, operation, [.. Values(field, test, operation)]);
    }

    private IEnumerable<int> Values(ResolvedField field, WhereTest test, Comparison operation)
    {
        var place = ValuePlace.Compared(field);
        if (operation is not (Comparison.In or Comparison.NotIn)) return [values.Add(session.Values.Bind(test.Value, operation == Comparison.Like ? place with { Type = FieldType.Of(FieldKind.Text) } : place, scope))];
        if (test.Value is ListValue list) return [.. list.Items.Select(i => values.Add(session.Values.Bind(i, place, scope)))];
        if (test.Value is not ExpressionValue expression) return [values.Add(session.Values.Bind(test.Value, place, scope))];
        // One value or a list of them: the expression's own type tells.
        var bound = session.Expressions.Bind(expression.Expression, scope, place.Options);
        var item = bound.Type.Kind == ExprKind.List ? bound with { Type = bound.Type.Item!.Kind == ExprKind.Nothing ? ExprType.Any : bound.Type.Item } : bound;
        ValueFitCheck.Check(item, place, session.Problems);
        return [values.Add(bound)];
    }
}
