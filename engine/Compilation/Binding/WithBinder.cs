using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>A value that an operation, a flow or a trigger's flow takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Connection">The connection whose ids the type speaks of.</param>
/// <param name="Required">It must be given and not be null.</param>
internal sealed record TakenValue(string Name, FieldType Type, string Connection, bool Required)
{
    public static IReadOnlyList<TakenValue> Of(IEnumerable<FieldDescriptor> fields, string connection) =>
        [.. fields.Select(f => new TakenValue(f.Name, f.Type, connection, f.RequiredOnCreate))];
}

/// <summary>Binds <c>with</c> against what is taken.</summary>
internal sealed class WithBinder(FlowSession session, NameScope scope)
{
    /// <summary>The values by name, in the order taken; a whole object is taken apart.</summary>
    /// <param name="with">As written; null = nothing is given.</param>
    /// <param name="taker">As messages begin: <c>The flow 'x'</c>.</param>
    /// <param name="at">Where to point when something is missing and there is no <c>with</c>.</param>
    /// <param name="taken">What is taken; null = not known, all is accepted.</param>
    public IReadOnlyList<(string Name, BoundValue Value)> Bind(WithDefinition? with, string taker, SourceSpan at, IReadOnlyList<TakenValue>? taken)
    {
        if (with?.Whole is { } whole) return Whole(whole, taker, taken);
        var values = new List<(string, BoundValue)>();
        foreach (var line in with?.Lines ?? [])
        {
            var name = line.Name.Value;
            var wanted = taken?.FirstOrDefault(t => t.Name == name);
            if (taken is not null && wanted is null)
            {
                session.Problems.Add(FieldDiagnostics.UnknownInput(line.Name.Span, taker, name, [.. taken.Select(t => t.Name)]));
            }

            values.Add((name, session.Values.Bind(line.Value, Place(name, wanted, taker), scope)));
        }

        var missing = taken?.Where(t => t.Required && values.All(v => v.Item1 != t.Name)).Select(t => t.Name).ToArray() ?? [];
        if (missing.Length > 0) session.Problems.Add(FieldDiagnostics.InputMissing(with?.KeySpan ?? at, taker, missing));
        return values;
    }

    private static ValuePlace Place(string name, TakenValue? wanted, string taker) => new()
    {
        Name = $"'{name}' of {Inside(taker)}",
        Type = wanted?.Type,
        Connection = wanted?.Connection ?? "",
        Nullable = wanted is not { Required: true },
        Leaves = true,
    };

    private List<(string, BoundValue)> Whole(ExpressionValue whole, string taker, IReadOnlyList<TakenValue>? taken)
    {
        var bound = session.Expressions.Bind(whole.Expression, scope);
        var values = new List<(string, BoundValue)>();
        if (taken is null)
        {
            // Nobody says which of its parts are wanted.
            session.Problems.Add(FieldDiagnostics.WrongStructure(whole.Span, "'with'", $"a line for each value here, since {Inside(taker)} does not say what it takes", bound.Type.ToString()));
            return values;
        }

        if (bound.Type.Kind == ExprKind.Any)
        {
            foreach (var wanted in taken) values.Add((wanted.Name, Part(bound, wanted.Name, ExprType.Any)));
            return values;
        }

        if (bound.Type.Kind != ExprKind.Object)
        {
            session.Problems.Add(FieldDiagnostics.WrongStructure(whole.Span, "'with'", "an object", bound.Type.ToString()));
            return values;
        }

        var missing = new List<string>();
        foreach (var wanted in taken)
        {
            if (bound.Type.Member(wanted.Name) is not { } type)
            {
                if (wanted.Required) missing.Add(wanted.Name);
                continue;
            }

            session.Shapes.Note(bound.Type.Shape!.Origins.Select(o => new FieldRead(o, wanted.Name)));
            var part = Part(bound, wanted.Name, type);
            ValueFitCheck.Check(part, Place(wanted.Name, wanted, taker), session.Problems);
            values.Add((wanted.Name, part));
        }

        if (missing.Count > 0) session.Problems.Add(FieldDiagnostics.InputMissing(whole.Span, taker, missing));
        return values;
    }

    /// <summary>Who takes it, as it stands within a sentence.</summary>
    private static string Inside(string taker) => $"{char.ToLowerInvariant(taker[0])}{taker[1..]}";

    private static BoundValue Part(BoundValue whole, string name, ExprType type) => whole with { Source = $"({whole.Source})[{LiteralText.Text(name)}]", Type = type };
}
