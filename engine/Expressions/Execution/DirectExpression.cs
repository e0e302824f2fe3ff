using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>The value for what the names stand for, or <see cref="DirectExpression.Undecided"/>.</summary>
internal delegate object? Direct(ReadOnlySpan<object?> arguments);

/// <summary>
/// An expression that only reads, compares, chooses and puts text together is answered on the values as they stand: it can neither loop nor
/// grow beyond what is bounded here. Whenever the outcome is not plain - null where a record is needed, a value that the engine sees
/// differently - it is undecided and the engine answers, so there is one meaning, and one place where errors come from.
/// </summary>
internal static class DirectExpression
{
    public const int LongestText = 4 * 1024;
    private const long LargestInteger = 9_007_199_254_740_992;

    private static readonly object True = true;
    private static readonly object False = false;

    /// <summary>The engine must say.</summary>
    public static object Undecided { get; } = new();

    /// <summary>Null when the expression does anything else.</summary>
    public static Direct? Of(Expression e, IReadOnlyList<string> names)
    {
        switch (Narrowing.Unchain(e))
        {
            case StringLiteral { Value: var text }:
                return _ => text;
            case BooleanLiteral { Value: var truth }:
                var boxed = truth ? True : False;
                return _ => boxed;
            case NumericLiteral { Value: var number } when number == Math.Floor(number) && Math.Abs(number) <= LargestInteger:
                object whole = (long)number;
                return _ => whole;
            case var none when Narrowing.IsNull(none):
                return _ => null;
            case Identifier { Name: "keep" } when !names.Contains("keep"):
                return _ => FieldMarker.Keep;
            case Identifier { Name: "clear" } when !names.Contains("clear"):
                return _ => FieldMarker.Clear;
            case Identifier { Name: var name }:
                return Argument(name, names);
            case MemberExpression member:
                return DirectCall.Part(member, names) ?? Member(member, names);
            case CallExpression call:
                return DirectCall.Of(call, names);
            case BinaryExpression { Operator: Operator.Addition } sum when Of(sum.Left, names) is { } before && Of(sum.Right, names) is { } behind:
                return a => before(a) is string first && behind(a) is string second && first.Length + second.Length <= LongestText ? first + second : Undecided;
            case TemplateLiteral template:
                return Template(template, names);
            case ConditionalExpression c when Of(c.Test, names) is { } test && Of(c.Consequent, names) is { } yes && Of(c.Alternate, names) is { } no:
                return a => Truth(test(a)) switch { true => yes(a), false => no(a), _ => Undecided };
            case LogicalExpression l when Of(l.Left, names) is { } left && Of(l.Right, names) is { } right:
                return Logical(l.Operator, left, right);
            case UnaryExpression { Operator: Operator.LogicalNot } not when Of(not.Argument, names) is { } inverse:
                return a => Truth(inverse(a)) switch { true => False, false => True, _ => Undecided };
            case BinaryExpression { Operator: Operator.StrictEquality or Operator.StrictInequality } b when Of(b.Left, names) is { } one:
                return Equality(one, b.Right, b.Operator == Operator.StrictEquality);
            default:
                return null;
        }
    }

    /// <summary>The value as a result, where the engine would give back the same.</summary>
    public static object? Result(object? value) => value switch
    {
        null or string or bool or decimal or DateOnly or DateTimeOffset or TimeSpan or FieldMarker => value,
        long and >= -LargestInteger and <= LargestInteger => value,
        IReadOnlyDictionary<string, object?> or IReadOnlyList<object?> => value,
        _ => Undecided,
    };

    private static Direct? Argument(string name, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                var at = i;
                return a => at < a.Length ? a[at] : null;
            }
        }

        return null;
    }

    private static Direct? Member(MemberExpression member, IReadOnlyList<string> names)
    {
        var name = member.Property switch
        {
            Identifier i when !member.Computed => i.Name,
            StringLiteral s when member.Computed => s.Value,
            _ => null,
        };
        if (name is null || Of(member.Object, names) is not { } target || member.Object is not (Identifier or MemberExpression))
        {
            return null;
        }

        var ofNull = MayEndEarly(member) ? null : Undecided;
        return a => target(a) switch
        {
            IReadOnlyDictionary<string, object?> record => record.TryGetValue(name, out var value) ? value : null,
            null => ofNull,
            _ => Undecided,
        };
    }

    private static bool MayEndEarly(Expression e) => e is MemberExpression m && (m.Optional || MayEndEarly(m.Object));

    private static Direct? Template(TemplateLiteral template, IReadOnlyList<string> names)
    {
        var texts = template.Quasis.Select(q => q.Value.Cooked ?? "").ToArray();
        var parts = template.Expressions.Select(e => Of(e, names)).ToArray();
        if (parts.Any(p => p is null))
        {
            return null;
        }

        return a =>
        {
            var all = new string[texts.Length + parts.Length];
            var length = 0;
            for (var i = 0; i < all.Length; i++)
            {
                if (i % 2 == 0)
                {
                    all[i] = texts[i / 2];
                }
                else if (parts[i / 2]!(a) is var value && value is null or string)
                {
                    all[i] = (string?)value ?? "";
                }
                else
                {
                    return Undecided;
                }

                length += all[i].Length;
                if (length > LongestText)
                {
                    return Undecided;
                }
            }

            return string.Concat(all);
        };
    }

    private static Direct Logical(Operator sign, Direct left, Direct right) => sign switch
    {
        Operator.LogicalAnd => a => left(a) is var value && Truth(value) is { } truth ? truth ? right(a) : value : Undecided,
        Operator.LogicalOr => a => left(a) is var value && Truth(value) is { } truth ? truth ? value : right(a) : Undecided,
        _ => a => left(a) ?? right(a),
    };

    private static bool? Truth(object? value) => value switch
    {
        null => false,
        bool b => b,
        string s => s.Length > 0,
        long and >= -LargestInteger and <= LargestInteger => (long)value != 0,
        decimal or DateOnly or DateTimeOffset or TimeSpan or IReadOnlyDictionary<string, object?> or IReadOnlyList<object?> => true,
        _ => null,
    };

    private static Direct? Equality(Direct left, Expression with, bool equal)
    {
        var (yes, no) = equal ? (True, False) : (False, True);
        switch (with)
        {
            case StringLiteral { Value: var text }:
                return a => left(a) switch
                {
                    string s => s == text ? yes : no,
                    null or bool or decimal or DateOnly or DateTimeOffset or TimeSpan => no,
                    _ => Undecided,
                };
            case BooleanLiteral { Value: var truth }:
                return a => left(a) switch
                {
                    bool b => b == truth ? yes : no,
                    null or string or decimal or DateOnly or DateTimeOffset or TimeSpan => no,
                    _ => Undecided,
                };
            case NumericLiteral { Value: var number }:
                return a => left(a) switch
                {
                    long and >= -LargestInteger and <= LargestInteger and var l => l == number ? yes : no,
                    null or string or bool => no,
                    _ => Undecided,
                };
            case var none when Narrowing.IsNull(none):
                return a => left(a) is not { } value ? yes : ReferenceEquals(value, Undecided) ? Undecided : no;
            default:
                return null;
        }
    }
}
