using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// A callback that only looks at fields of a record, as <c>l => l.type === "Email"</c> or <c>l => l.value</c>: answered on the record as it
/// stands. Whenever the outcome is not plain - no record where one is needed, a value that the engine sees differently - it is undecided and
/// the engine runs the callback itself, so there is one meaning, and one place for errors.
/// </summary>
internal sealed class RecordFunction
{
    private const int LongestPath = 8;
    private const long LargestInteger = 9_007_199_254_740_992;

    private readonly Func<IReadOnlyDictionary<string, object?>, object?> evaluate;

    private RecordFunction(Func<IReadOnlyDictionary<string, object?>, object?> evaluate) => this.evaluate = evaluate;

    /// <summary>The engine must say.</summary>
    public static object Undecided { get; } = new();

    private static object True { get; } = true;

    private static object False { get; } = false;

    public object? Evaluate(IReadOnlyDictionary<string, object?> record) => evaluate(record);

    /// <summary>Null when the body does anything else.</summary>
    public static RecordFunction? Of(string parameter, Expression body)
    {
        if (Path(parameter, body) is { } path)
        {
            return new RecordFunction(r => Read(r, path));
        }

        return Test(parameter, body) is { } test ? new RecordFunction(test) : null;
    }

    private static Func<IReadOnlyDictionary<string, object?>, object?>? Test(string parameter, Expression e)
    {
        switch (e)
        {
            case UnaryExpression { Operator: Operator.LogicalNot } inverse when Test(parameter, inverse.Argument) is { } negated:
                return r => negated(r) switch { true => False, false => True, _ => Undecided };
            case LogicalExpression { Operator: Operator.LogicalAnd } both when Test(parameter, both.Left) is { } first && Test(parameter, both.Right) is { } second:
                return r => first(r) is true ? second(r) : first(r);
            case LogicalExpression { Operator: Operator.LogicalOr } either when Test(parameter, either.Left) is { } one && Test(parameter, either.Right) is { } other:
                return r => one(r) is false ? other(r) : one(r);
            case BinaryExpression { Operator: Operator.StrictEquality or Operator.StrictInequality } b when Path(parameter, b.Left) is { } path:
                return Equality(path, b.Right, b.Operator == Operator.StrictEquality ? True : False, b.Operator == Operator.StrictEquality ? False : True);
            case MemberExpression when Path(parameter, e) is { } truth:
                return r => Read(r, truth) is bool value ? value ? True : False : Undecided;
            default:
                return null;
        }
    }

    private static Func<IReadOnlyDictionary<string, object?>, object?>? Equality(string[] path, Expression with, object equal, object other) => with switch
    {
        StringLiteral { Value: var text } => r => Read(r, path) switch
        {
            string s => s == text ? equal : other,
            long and (> LargestInteger or < -LargestInteger) => Undecided,
            var value => ReferenceEquals(value, Undecided) ? Undecided : other,
        },
        BooleanLiteral { Value: var truth } => r => Read(r, path) switch
        {
            bool b => b == truth ? equal : other,
            var value => ReferenceEquals(value, Undecided) ? Undecided : other,
        },
        _ when Narrowing.IsNull(with) => r => Read(r, path) switch
        {
            null => equal,
            var value => ReferenceEquals(value, Undecided) ? Undecided : other,
        },
        _ => null,
    };

    private static object? Read(IReadOnlyDictionary<string, object?> record, string[] path)
    {
        for (var i = 0; ; i++)
        {
            var value = record.TryGetValue(path[i], out var found) ? found : null;
            if (i == path.Length - 1)
            {
                return value;
            }

            if (value is not IReadOnlyDictionary<string, object?> next)
            {
                return Undecided;
            }

            record = next;
        }
    }

    private static string[]? Path(string parameter, Expression e)
    {
        var names = new Stack<string>();
        while (e is MemberExpression { Optional: false } member && names.Count < LongestPath)
        {
            switch (member.Property)
            {
                case Identifier { Name: var name } when !member.Computed:
                    names.Push(name);
                    break;
                case StringLiteral { Value: var text } when member.Computed:
                    names.Push(text);
                    break;
                default:
                    return null;
            }

            e = member.Object;
        }

        return names.Count > 0 && e is Identifier { Name: var root } && root == parameter ? [.. names] : null;
    }
}
