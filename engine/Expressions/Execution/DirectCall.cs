using Acornima.Ast;
using WorkflowEngine.Expressions.Execution.Hosting;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// Calls whose result is never longer than their one text or date: answered directly by the same code that the engine would call. Other
/// values, null where it is a failure, and long text are the engine's, which charges and reports.
/// </summary>
internal static class DirectCall
{
    private static readonly Dictionary<string, Func<string, string>> Methods = new()
    {
        ["trim"] = t => t.Trim(),
        ["trimStart"] = t => t.TrimStart(),
        ["trimEnd"] = t => t.TrimEnd(),
        ["toLowerCase"] = t => t.ToLowerInvariant(),
        ["toUpperCase"] = t => t.ToUpperInvariant(),
    };

    private static readonly HashSet<string> Functions =
        ["text.trim", "text.oneLine", "text.upper", "text.lower", "text.digits", "text.orNull", "normalize.email", "date.text"];

    public static Direct? Of(CallExpression call, IReadOnlyList<string> names)
    {
        if (call.Optional || call.Callee is not MemberExpression { Computed: false, Optional: false, Property: Identifier { Name: var name } } callee)
        {
            return null;
        }

        if (ScriptWriter.LibraryName(callee, [.. names]) is { } function)
        {
            return Functions.Contains(function) && call.Arguments.Count == 1 && DirectExpression.Of(call.Arguments[0], names) is { } given ? Function(function, given) : null;
        }

        if (DirectExpression.Of(callee.Object, names) is not { } target || ScriptWriter.MayEndEarly(callee.Object))
        {
            return null;
        }

        return (name, call.Arguments.Count) switch
        {
            (_, 0) when Methods.TryGetValue(name, out var method) => a => target(a) is string { Length: <= DirectExpression.LongestText } text ? method(text) : DirectExpression.Undecided,
            ("slice", 1 or 2) when call.Arguments.All(IsPosition) => Slice(target, (int)Number(call.Arguments[0]), call.Arguments.Count == 2 ? (int)Number(call.Arguments[1]) : int.MaxValue),
            _ => null,
        };
    }

    /// <summary><c>text.split(by)[position]</c></summary>
    public static Direct? Part(MemberExpression member, IReadOnlyList<string> names) =>
        member is { Computed: true, Optional: false, Property: NumericLiteral { Value: var position }, Object: CallExpression { Optional: false, Arguments: [StringLiteral { Value: var by }] } split }
            && split.Callee is MemberExpression { Computed: false, Optional: false, Property: Identifier { Name: "split" } } callee
            && ScriptWriter.LibraryName(callee, [.. names]) is null && !ScriptWriter.MayEndEarly(callee.Object) && DirectExpression.Of(callee.Object, names) is { } target
            ? a => target(a) is string { Length: <= DirectExpression.LongestText } text ? TextMethods.Part(text, by, position) : DirectExpression.Undecided
            : null;

    private static Direct Function(string name, Direct given)
    {
        var function = LibraryFunctions.All[name];
        var ofNull = ExpressionLibrary.Functions[name].PropagatesNull ? null : DirectExpression.Undecided;
        var ofDates = name == "date.text";
        return a => given(a) switch
        {
            null => ofNull,
            string { Length: <= DirectExpression.LongestText } text when !ofDates => function([text]),
            (DateOnly or DateTimeOffset) and var date when ofDates => function([date]),
            _ => DirectExpression.Undecided,
        };
    }

    private static Direct Slice(Direct target, int from, int to) => a =>
    {
        if (target(a) is not string { Length: <= DirectExpression.LongestText } text)
        {
            return DirectExpression.Undecided;
        }

        var (start, end) = ListFunctions.Range(text.Length, from, to);
        return text[start..end];
    };

    private static bool IsPosition(Expression e) => e is NumericLiteral { Value: >= 0 and <= DirectExpression.LongestText and var value } && value == Math.Floor(value);

    private static double Number(Expression e) => ((NumericLiteral)e).Value;
}
