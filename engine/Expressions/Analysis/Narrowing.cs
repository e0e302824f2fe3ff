using System.Collections.Immutable;
using System.Globalization;
using Acornima;
using Acornima.Ast;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>Which paths are surely not null when a condition holds, or does not. Values never change, so this stays true wherever it is used.</summary>
internal static class Narrowing
{
    private static readonly ImmutableHashSet<string> None = ImmutableHashSet<string>.Empty;

    public static ImmutableHashSet<string> WhenTrue(Expression e) => Facts(e, true);

    public static ImmutableHashSet<string> WhenFalse(Expression e) => Facts(e, false);

    private static ImmutableHashSet<string> Facts(Expression e, bool truth) => e switch
    {
        UnaryExpression { Operator: Operator.LogicalNot } u => Facts(u.Argument, !truth),
        LogicalExpression { Operator: Operator.LogicalAnd } l => truth
            ? Facts(l.Left, true).Union(Facts(l.Right, true))
            : Facts(l.Left, false).Intersect(Facts(l.Right, false)),
        LogicalExpression { Operator: Operator.LogicalOr } l => truth
            ? Facts(l.Left, true).Intersect(Facts(l.Right, true))
            : Facts(l.Left, false).Union(Facts(l.Right, false)),
        ConditionalExpression c => Branches(c, truth),
        BinaryExpression b => Comparison(b, truth),
        // A boolean, or a method's answer: true only if all of its path was there.
        MemberExpression or Identifier or ChainExpression or CallExpression => truth ? Present(e) : None,
        _ => None,
    };

    /// <summary><c>test ? a : false</c> is true only if both are.</summary>
    private static ImmutableHashSet<string> Branches(ConditionalExpression c, bool truth)
    {
        if (c.Alternate is BooleanLiteral other && other.Value != truth)
        {
            return Facts(c.Test, true).Union(Facts(c.Consequent, truth));
        }

        return c.Consequent is BooleanLiteral first && first.Value != truth
            ? Facts(c.Test, false).Union(Facts(c.Alternate, truth))
            : None;
    }

    private static ImmutableHashSet<string> Comparison(BinaryExpression b, bool truth)
    {
        var equal = b.Operator switch
        {
            Operator.StrictEquality => truth,
            Operator.StrictInequality => !truth,
            _ => (bool?)null,
        };
        if (equal is null)
        {
            return Length(b, truth);
        }

        var (left, right) = (IsNull(b.Left), IsNull(b.Right));
        if (left || right)
        {
            return left == right || equal.Value ? None : Present(left ? b.Right : b.Left);
        }

        if (!equal.Value)
        {
            return Length(b, truth);
        }

        // Equal to something that is surely there: there as well.
        var facts = Length(b, truth);
        if (b.Right is StringLiteral or NumericLiteral or BooleanLiteral or TemplateLiteral)
        {
            facts = facts.Union(Present(b.Left));
        }

        if (b.Left is StringLiteral or NumericLiteral or BooleanLiteral or TemplateLiteral)
        {
            facts = facts.Union(Present(b.Right));
        }

        return facts;
    }

    /// <summary><c>items.length > 0</c>: then <c>items[0]</c> is there.</summary>
    private static ImmutableHashSet<string> Length(BinaryExpression b, bool truth)
    {
        var length = Unchain(b.Left);
        if (length is not MemberExpression { Computed: false, Property: Identifier { Name: "length" } } m || b.Right is not NumericLiteral n)
        {
            return None;
        }

        var notEmpty = (b.Operator, n.Value) switch
        {
            (Operator.GreaterThan, >= 0) or (Operator.GreaterThanOrEqual, >= 1) => truth,
            (Operator.StrictInequality, 0) => truth,
            (Operator.StrictEquality, 0) => !truth,
            (Operator.StrictEquality, >= 1) => truth,
            (Operator.LessThan, 1) or (Operator.LessThanOrEqual, 0) => !truth,
            _ => false,
        };
        return notEmpty && PathOf(m.Object) is { } path ? Present(m.Object).Add(path + "[0]") : None;
    }

    private static ImmutableHashSet<string> Present(Expression e)
    {
        var facts = ImmutableHashSet.CreateBuilder<string>();
        var next = e;
        while (next is not null)
        {
            if (PathOf(next) is { } path)
            {
                facts.Add(path);
            }

            next = next switch
            {
                ChainExpression c => c.Expression,
                MemberExpression m => m.Object,
                CallExpression { Callee: MemberExpression m } => m.Object,
                _ => null,
            };
        }

        return facts.ToImmutable();
    }

    public static bool IsNull(Expression e) => e is Literal { Kind: TokenKind.NullLiteral };

    public static Expression Unchain(Expression e) => e is ChainExpression c ? c.Expression : e;

    /// <summary>The name under which a fact about a value is kept: <c>input.address</c>, <c>rows[0].id</c>.</summary>
    public static string? PathOf(Expression e) => Unchain(e) switch
    {
        Identifier i => i.Name,
        MemberExpression m when PathOf(m.Object) is { } path => m.Property switch
        {
            Identifier p when !m.Computed => $"{path}.{p.Name}",
            StringLiteral s when m.Computed => $"{path}.{s.Value}",
            NumericLiteral n when m.Computed => string.Create(CultureInfo.InvariantCulture, $"{path}[{n.Value}]"),
            _ => null,
        },
        _ => null,
    };
}
