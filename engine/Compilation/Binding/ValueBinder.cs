using System.Collections.Immutable;
using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Turns literals, structures and expressions into one expression text each, and checks them against the place they go to.</summary>
internal sealed partial class ValueBinder(ExpressionBinder expressions, RecordShapes shapes, DiagnosticBag problems)
{
    public BoundValue Bind(ValueDefinition value, ValuePlace place, NameScope scope)
    {
        var bound = BindInner(value, place, scope);
        if (place.Leaves) shapes.NoteWhole(bound.Type);
        return bound;
    }

    private BoundValue BindInner(ValueDefinition value, ValuePlace place, NameScope scope)
    {
        switch (value)
        {
            case ExpressionValue expression:
                var bound = expressions.Bind(expression.Expression, scope, place.Options);
                ValueFitCheck.Check(bound, place, problems);
                return bound;
            case LiteralValue literal:
                return Literal(literal, place, scope);
            case NullValue empty:
                if (!place.Nullable) problems.Add(FieldDiagnostics.MayBeNull(empty.Span, place.Name, "Write a value."));
                return BoundValue.Null(empty.Span) with { Source = place.Options.AllowMarkers ? "clear" : "null" };
            case ListValue list:
                return List(list, place, scope);
            case ObjectValue structure:
                return Object(structure, place, scope);
            case ReferenceValue reference:
                problems.Add(FieldDiagnostics.WrongStructure(reference.Span, place.Name, Wanted(place), "a reference by external id"));
                return BoundValue.Null(reference.Span) with { Type = ExprType.Any };
            default:
                return BoundValue.Null(value.Span) with { Type = ExprType.Any };
        }
    }

    private BoundValue Literal(LiteralValue literal, ValuePlace place, NameScope scope)
    {
        if (literal.Kind == LiteralKind.Text && (place.Type is null || IsText(place.Type.Kind)) && LooksLikeExpression(literal.Text, scope))
        {
            problems.Add(FlowDiagnostics.ForgottenEquals(literal.Span, literal.Text));
        }

        var (source, type) = Lower(literal, place);
        return new BoundValue(literal.Span, source, type, BoundValue.NoNames) { IsLiteral = true, Literal = literal.Text };
    }

    private (string Source, ExprType Type) Lower(LiteralValue literal, ValuePlace place)
    {
        var text = literal.Text;
        if (place.Type is not { } type || type.Kind == FieldKind.Any)
        {
            return literal.Kind switch
            {
                LiteralKind.Number => (text, text.Contains('.', StringComparison.Ordinal) ? ExprType.Number : ExprType.Integer),
                LiteralKind.Boolean => (text, ExprType.Boolean),
                _ => (LiteralText.Text(text), ExprType.Choice(text)),
            };
        }

        LiteralCheck.Check(literal, type, place.Name, problems);
        return type.Kind switch
        {
            FieldKind.Integer or FieldKind.Number => literal.Kind == LiteralKind.Number ? (text, type.Kind == FieldKind.Integer ? ExprType.Integer : ExprType.Number) : ("null", ExprType.Any),
            FieldKind.Decimal => LiteralText.IsDecimal(text) ? (LiteralText.Decimal(text), ExprType.Decimal) : ("null", ExprType.Any),
            FieldKind.Boolean => literal.Kind == LiteralKind.Boolean ? (text, ExprType.Boolean) : ("null", ExprType.Any),
            FieldKind.Date => LiteralText.IsDate(text) ? (LiteralText.Date(text), ExprType.Date) : ("null", ExprType.Any),
            FieldKind.Instant => LiteralText.IsInstant(text) ? (LiteralText.Instant(text), ExprType.Instant) : ("null", ExprType.Any),
            _ => (LiteralText.Text(text), ExprType.Choice(text)),
        };
    }

    private BoundValue List(ListValue list, ValuePlace place, NameScope scope)
    {
        if (place.Type is { } type && type.Kind is not (FieldKind.List or FieldKind.Any))
        {
            problems.Add(FieldDiagnostics.WrongStructure(list.Span, place.Name, Wanted(place), "a list"));
        }

        var inner = place with
        {
            Name = $"An item of {place.Name}",
            Type = place.Type is { Kind: FieldKind.List } known ? known.Item : null,
            Options = WithoutMarkers(place.Options),
        };
        var items = list.Items.Select(i => BindInner(i, inner, scope)).ToArray();
        var source = $"[{string.Join(", ", items.Select(Part))}]";
        var item = items.Select(i => i.Type).Aggregate(ExprType.Nothing, ExprType.Join);
        return new BoundValue(list.Span, source, ExprType.List(item, items.Length > 0), Names(items)) { IsLiteral = items.All(i => i.IsLiteral), Hidden = items.Any(i => i.Hidden) };
    }

    private BoundValue Object(ObjectValue structure, ValuePlace place, NameScope scope)
    {
        if (place.Type is { } type && type.Kind is not (FieldKind.Object or FieldKind.Any))
        {
            problems.Add(FieldDiagnostics.WrongStructure(structure.Span, place.Name, Wanted(place), "an object"));
        }

        var members = place.Type is { Kind: FieldKind.Object } known ? known : null;
        var values = new List<(string Name, BoundValue Value)>();
        foreach (var line in structure.Lines)
        {
            var name = line.Name.Value;
            var field = members?.Fields.FirstOrDefault(f => f.Name == name);
            if (members is { OpenFields: false, Fields.Count: > 0 } && field is null)
            {
                problems.Add(FieldDiagnostics.UnknownInput(line.Name.Span, place.Name, name, [.. members.Fields.Select(f => f.Name)]));
            }

            var inner = place with { Name = $"{place.Name}.{name}", Type = field?.Type, Options = WithoutMarkers(place.Options) };
            values.Add((name, BindInner(line.Value, inner, scope)));
        }

        var missing = members?.Fields.Where(f => f.RequiredOnCreate && values.All(v => v.Name != f.Name)).Select(f => f.Name).ToArray() ?? [];
        if (missing.Length > 0) problems.Add(FieldDiagnostics.InputMissing(structure.Span, place.Name, missing));
        return ObjectOf(structure.Span, values);
    }

    /// <summary>An object of bound values.</summary>
    public static BoundValue ObjectOf(SourceSpan span, IReadOnlyList<(string Name, BoundValue Value)> values)
    {
        var source = values.Count == 0 ? "{}" : $"{{ {string.Join(", ", values.Select(v => $"{LiteralText.Text(v.Name)}: {Part(v.Value)}"))} }}";
        var type = ExprType.Object(null, values.GroupBy(v => v.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value.Type.WithoutMarkers(), StringComparer.Ordinal));
        return new BoundValue(span, source, type, Names(values.Select(v => v.Value))) { IsLiteral = values.All(v => v.Value.IsLiteral), Hidden = values.Any(v => v.Value.Hidden) };
    }

    /// <summary>Whether an author who wrote this text most likely forgot the <c>=</c>.</summary>
    public static bool LooksLikeExpression(string text, NameScope scope)
    {
        var match = MemberPath().Match(text);
        if (!match.Success || text.Contains('\n', StringComparison.Ordinal)) return false;
        var root = match.Groups["root"].Value;
        return scope.TryGet(root, out _) || scope.WhyUnavailable(root) is not null
            || (ExpressionLibrary.Namespaces.Contains(root) && text.Contains('(', StringComparison.Ordinal));
    }

    private static string Part(BoundValue value) =>
        value.IsLiteral ? value.Source : value.Source.Contains("//", StringComparison.Ordinal) ? $"({value.Source}\n)" : $"({value.Source})";

    private static ImmutableHashSet<string> Names(IEnumerable<BoundValue> values) => values.Aggregate(BoundValue.NoNames, (all, v) => all.Union(v.Names));

    private static AnalysisOptions WithoutMarkers(AnalysisOptions options) => options.AllowMarkers ? options with { AllowMarkers = false } : options;

    private static bool IsText(FieldKind kind) =>
        kind is FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Id or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Any;

    private static string Wanted(ValuePlace place) => place.Type is null ? "a value" : FieldTypes.Describe(place.Type);

    [GeneratedRegex(@"\A!?\(?(?<root>[A-Za-z_][A-Za-z0-9_]*)(\?\.|\.|\[)[A-Za-z_0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex MemberPath();
}
