using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>Writes typed conditions as the text after WHERE.</summary>
internal sealed class SoqlWhere(OrgSchema schema, string entity)
{
    private readonly ChildConditions _children = new(schema, entity);

    /// <summary>
    /// Makes a condition ready to be asked: values that no field of that type can hold are taken out (one malformed id would fail the whole query),
    /// known answers are folded.
    /// </summary>
    /// <param name="condition">The condition as given.</param>
    /// <param name="ready">The condition to ask.</param>
    /// <returns>Null, or why it cannot be asked.</returns>
    public string? Prepare(Condition condition, out Condition ready)
    {
        switch (condition)
        {
            case FieldCondition field when field.Path.Contains('|', StringComparison.Ordinal):
                // Alternative fields: one of them holds; excluded means excluded in all.
                var alternatives = field.Path.Split('|').Select(path => field with { Path = path }).ToArray();
                return Prepare(field.Operator is Comparison.NotIn or Comparison.IsNull ? new AllOf(alternatives) : new AnyOf(alternatives), out ready);
            case FieldCondition { Operator: Comparison.In or Comparison.NotIn } phone when schema.PhoneField(entity, phone.Path) is { } kept:
                // The org keeps the digits in a field of their own: no spelling is asked for.
                return Prepare(phone with { Path = kept, Values = [.. phone.Values.SelectMany(v => v is string text ? PhoneSpellings.Kept(text) : [v])] }, out ready);
            case FieldCondition field:
                return Prepare(field, out ready);
            case AllOf or AnyOf:
                var parts = condition is AllOf all ? all.Parts : ((AnyOf)condition).Parts;
                var prepared = new Condition[parts.Count];
                for (var i = 0; i < parts.Count; i++)
                {
                    if (Prepare(parts[i], out prepared[i]) is { } problem)
                    {
                        ready = ConditionForms.Never;
                        return problem;
                    }
                }

                ready = condition is AllOf ? ConditionForms.All(prepared) : ConditionForms.Any(prepared);
                return null;
            default:
                ready = ConditionForms.Never;
                return $"{condition.GetType().Name} is no condition Salesforce can be asked.";
        }
    }

    /// <summary>The text of a prepared condition; equal conditions have equal texts.</summary>
    public string Text(Condition condition)
    {
        var text = new StringBuilder();
        Write(text, condition, nested: false);
        return text.ToString();
    }

    /// <summary>Conditions that together find what this one finds and that Salesforce takes each; null when it takes none such.</summary>
    public IReadOnlyList<Condition>? Askable(Condition condition) => _children.Askable(condition);

    /// <summary>Whether Salesforce takes the condition as it is.</summary>
    public bool CanBeAsked(Condition condition) => _children.CanBeAsked(condition);

    /// <summary>The literals of a prepared condition on one field.</summary>
    public IReadOnlyList<string> Literals(FieldCondition condition)
    {
        var field = schema.Resolve(entity, condition.Path);
        var literals = new List<string>(condition.Values.Count);
        var seen = condition.Values.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var value in condition.Values)
        {
            if (field?.Search == SearchForm.PhoneSpellings && value is string phone && condition.Operator is Comparison.In or Comparison.NotIn)
            {
                foreach (var spelling in PhoneSpellings.Of(phone))
                {
                    var literal = SoqlLiteral.Text(spelling);
                    if (seen?.Add(literal) ?? true) literals.Add(literal);
                }
            }
            else if (SoqlLiteral.Of(field?.Type, value) is { } literal && (seen?.Add(literal) ?? true))
            {
                literals.Add(literal);
            }
        }

        return literals;
    }

    private string? Prepare(FieldCondition condition, out Condition ready)
    {
        ready = ConditionForms.Never;
        if (!SoqlName.IsPath(condition.Path)) return $"'{condition.Path}' is no path of a Salesforce field.";
        if (condition.Operator is Comparison.IsNull or Comparison.IsNotNull)
        {
            ready = condition with { Values = [] };
            return null;
        }

        var type = schema.Resolve(entity, condition.Path)?.Type;
        var values = new List<object>(condition.Values.Count);
        foreach (var value in condition.Values)
        {
            if (SoqlLiteral.Of(type, value) is null) return $"{condition.Path}: a value of type {value.GetType().Name} cannot be compared with a field of type {type?.Kind.ToString() ?? "unknown"}.";
            if (condition.Operator is Comparison.In or Comparison.NotIn && !CanBeHeld(type, value)) continue;
            values.Add(value);
        }

        switch (condition.Operator)
        {
            case Comparison.In:
                ready = values.Count == 0 ? ConditionForms.Never : condition with { Values = values };
                return null;
            case Comparison.NotIn:
                ready = values.Count == 0 ? ConditionForms.Always : condition with { Values = values };
                return null;
            case Comparison.Like when type is not null && type.Kind is FieldKind.Boolean or FieldKind.Integer or FieldKind.Number or FieldKind.Decimal or FieldKind.Date or FieldKind.Instant or FieldKind.Duration or FieldKind.Id:
                return $"{condition.Path}: Salesforce compares only texts with a pattern.";
            default:
                if (values.Count != 1) return $"{condition.Path}: {condition.Operator} takes one value.";
                if (values[0] is string { Length: > SoqlLiteral.MostTextLength }) return $"{condition.Path}: a value to compare with has at most {SoqlLiteral.MostTextLength} characters.";
                ready = condition with { Values = values };
                return null;
        }
    }

    // A longer text, or an id of another shape, is in no record: not asking it is the same answer.
    private static bool CanBeHeld(FieldType? type, object value)
    {
        if (value is not string text) return true;
        if (type?.Kind == FieldKind.Id) return SalesforceIds.HasShape(text);
        return text.Length <= Math.Min(type?.Length ?? SoqlLiteral.MostTextLength, SoqlLiteral.MostTextLength);
    }

    private void Write(StringBuilder text, Condition condition, bool nested)
    {
        if (_children.Of(condition) is { } list)
        {
            Write(text, list, condition);
            return;
        }

        switch (condition)
        {
            case FieldCondition field:
                Write(text, field, nested);
                break;
            case AllOf all:
                Write(text, all.Parts, " AND ", nested);
                break;
            case AnyOf any:
                Write(text, any.Parts, " OR ", nested);
                break;
        }
    }

    /// <summary>A condition on children: the records among whose children one fits, or none does.</summary>
    private void Write(StringBuilder text, ChildList list, Condition condition)
    {
        var inner = new SoqlWhere(schema, list.Entity);
        var (positive, without) = ChildConditions.Inside(condition);
        text.Append(without ? "Id NOT IN (SELECT " : "Id IN (SELECT ").Append(list.Reference).Append(" FROM ").Append(list.Entity).Append(" WHERE ");
        // A child of nobody would make NOT IN true of no record.
        if (without) text.Append(list.Reference).Append(" != NULL AND ");
        inner.Write(text, positive, nested: without);
        text.Append(')');
    }

    private void Write(StringBuilder text, IReadOnlyList<Condition> parts, string between, bool nested)
    {
        // AND and OR on one level without parentheses are refused.
        if (nested && parts.Count > 1) text.Append('(');
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) text.Append(between);
            Write(text, parts[i], nested: true);
        }

        if (nested && parts.Count > 1) text.Append(')');
    }

    private void Write(StringBuilder text, FieldCondition condition, bool nested)
    {
        var path = condition.Path;
        switch (condition.Operator)
        {
            case Comparison.IsNull:
                text.Append(path).Append(" = NULL");
                return;
            case Comparison.IsNotNull:
                text.Append(path).Append(" != NULL");
                return;
        }

        var literals = Literals(condition);
        switch (condition.Operator)
        {
            case Comparison.In when literals.Count == 1:
                text.Append(path).Append(" = ").Append(literals[0]);
                break;
            case Comparison.NotIn when literals.Count == 1:
                text.Append(path).Append(" != ").Append(literals[0]);
                break;
            case Comparison.In or Comparison.NotIn when schema.Resolve(entity, path)?.Type.Kind == FieldKind.Boolean:
                // Checkboxes are compared one by one; a list of both is every record, or none.
                var joint = condition.Operator == Comparison.In ? " OR " : " AND ";
                if (nested) text.Append('(');
                text.AppendJoin(joint, literals.Select(l => $"{path} {(condition.Operator == Comparison.In ? "=" : "!=")} {l}"));
                if (nested) text.Append(')');
                break;
            case Comparison.In:
                text.Append(path).Append(" IN (").AppendJoin(',', literals).Append(')');
                break;
            case Comparison.NotIn:
                text.Append(path).Append(" NOT IN (").AppendJoin(',', literals).Append(')');
                break;
            default:
                var sign = condition.Operator switch
                {
                    Comparison.Greater => " > ",
                    Comparison.GreaterOrEqual => " >= ",
                    Comparison.Less => " < ",
                    Comparison.LessOrEqual => " <= ",
                    _ => " LIKE ",
                };
                text.Append(path).Append(sign).Append(literals[0]);
                break;
        }
    }
}
