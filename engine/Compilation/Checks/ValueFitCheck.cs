using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>An expression's value fits the type of its place.</summary>
internal static class ValueFitCheck
{
    public static void Check(BoundValue value, ValuePlace place, DiagnosticBag problems)
    {
        var given = value.Type.WithoutMarkers();
        if (!place.Nullable && (given.IsNullable || given.Kind == ExprKind.Null))
        {
            problems.Add(FieldDiagnostics.MayBeNull(value.Span, place.Name));
            given = given.NotNull();
        }

        if (place.Type is not { } type || type.Kind == FieldKind.Any) return;
        var wanted = FieldTypes.Wanted(type, place.Connection).OrNull();
        // A field that declares its digits takes an exact number as it is.
        if (type is { Kind: FieldKind.Number, Scale: not null } && given.Kind == ExprKind.Decimal) return;
        if (!wanted.Accepts(given))
        {
            problems.Add(FieldDiagnostics.ExpressionType(value.Span, place.Name, FieldTypes.Describe(type), given.ToString(), Inner(wanted, given, "") ?? Hint(type, given)));
        }
        else if (given.Kind == ExprKind.Choice && type.Length is { } most && given.Values.FirstOrDefault(v => v.Length > most) is { } longest)
        {
            problems.Add(FieldDiagnostics.TooLong(value.Span, place.Name, longest.Length, most));
        }
    }

    // In an object or a list: the first part that does not fit.
    private static string? Inner(ExprType wanted, ExprType given, string path)
    {
        if (wanted.Kind == ExprKind.List && given.Kind == ExprKind.List) return Inner(wanted.Item!, given.Item!, path + "[]");
        if (wanted.Kind != ExprKind.Object || given.Kind != ExprKind.Object)
        {
            return path.Length == 0 || wanted.Accepts(given) ? null : $"{path.TrimStart('.')} is {wanted.NotNull()} there, but {given} here.";
        }

        foreach (var (name, type) in given.Shape!.Fields)
        {
            if (wanted.Shape!.Find(name) is not { } field) return $"There is no '{name}'; it has: {FieldTypes.List([.. wanted.Shape.Fields.Keys])}.";
            if (Inner(field, type, $"{path}.{name}") is { } reason) return reason;
        }

        return null;
    }

    private static string? Hint(FieldType type, ExprType given) => (type.Kind, given.Kind) switch
    {
        (FieldKind.Date, ExprKind.Instant) => "The day of an instant depends on the zone: date.of(…, params.timeZone).",
        (FieldKind.Instant, ExprKind.Date) => "A day becomes an instant in a zone: date.at(…, \"08:00\", params.timeZone).",
        (FieldKind.Date, ExprKind.Text or ExprKind.Choice) => "Text becomes a day by date.of(…).",
        (FieldKind.Instant, ExprKind.Text or ExprKind.Choice) => "Text becomes an instant by date.instant(…).",
        (FieldKind.Decimal, ExprKind.Text or ExprKind.Choice or ExprKind.Number) => "It becomes an exact number by money.of(…).",
        (FieldKind.Integer or FieldKind.Number, ExprKind.Decimal) => "An exact number is not a plain one; use a field of type decimal or currency.",
        (FieldKind.Integer, ExprKind.Number) => "A number with a fraction does not fit a whole number.",
        (FieldKind.Boolean, _) => "Compare it: … === …",
        (FieldKind.Id, ExprKind.Id) => "The id belongs to another entity.",
        (FieldKind.Choice, ExprKind.Choice) => $"Its values: {FieldTypes.List([.. type.Choices ?? []], 20)}.",
        (FieldKind.List, not ExprKind.List) => "Put it in a list: [ … ]",
        (not (FieldKind.List or FieldKind.Object), ExprKind.List) => "Take one item: list.first(…), or join them: list.join(…, \", \").",
        (not FieldKind.Object, ExprKind.Object) => "Name one of its fields.",
        (FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Id or FieldKind.Url or FieldKind.Email or FieldKind.Phone, ExprKind.Date or ExprKind.Instant) => "date.text(…) makes it a text.",
        (FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Id or FieldKind.Url or FieldKind.Email or FieldKind.Phone, ExprKind.Decimal) => "money.text(…) makes it a text.",
        (FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Id or FieldKind.Url or FieldKind.Email or FieldKind.Phone, _) => "text.of(…) makes it a text.",
        _ => null,
    };
}
