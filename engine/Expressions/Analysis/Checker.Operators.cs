using System.Collections.Immutable;
using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

internal sealed partial class Checker
{
    private Checked Conditional(ConditionalExpression e, bool isResult)
    {
        Condition(e.Test);
        var yes = Under(Narrowing.WhenTrue(e.Test), () => Visit(e.Consequent, isResult));
        var no = Under(Narrowing.WhenFalse(e.Test), () => Visit(e.Alternate, isResult));
        return yes.Or(no, ExprType.Join(yes.Type, no.Type));
    }

    private Checked Logical(LogicalExpression e, bool isResult)
    {
        if (e.Operator == Operator.NullishCoalescing)
        {
            var first = Visit(e.Left);
            var other = Visit(e.Right, isResult);
            return first.Or(other, ExprType.Join(first.Type.NotNull(), other.Type));
        }

        var left = Condition(e.Left, e);
        var facts = e.Operator == Operator.LogicalAnd ? Narrowing.WhenTrue(e.Left) : Narrowing.WhenFalse(e.Left);
        var right = Under(facts, () => Condition(e.Right, e));
        return Checked.Of(left.IsNullable || right.IsNullable ? ExprType.Boolean.OrNull() : ExprType.Boolean);
    }

    private T Under<T>(ImmutableHashSet<string> facts, Func<T> visit)
    {
        var before = nonNull;
        nonNull = nonNull.Union(facts);
        var result = visit();
        nonNull = before;
        return result;
    }

    /// <summary>A truth is boolean: nothing else is silently true. A null counts as false.</summary>
    private ExprType Condition(Expression e, LogicalExpression? within = null)
    {
        var type = Visit(e).Type;
        if (type.Kind is ExprKind.Boolean or ExprKind.Any or ExprKind.Nothing)
        {
            return type;
        }

        var hint = within is { Operator: Operator.LogicalOr } && within.Left == e
            ? $"For another value when it is null, write {Shown(e)} ?? …."
            : ConditionHint(e, type);
        Error(ProblemCodes.NotACondition, e, $"A condition is true or false, but this is {type}.", hint);
        return ExprType.Boolean;
    }

    private string? ConditionHint(Expression e, ExprType type) => type.NotNull().Kind switch
    {
        ExprKind.List => $"Write {Shown(e)}.length > 0.",
        ExprKind.Null => "Write false.",
        _ when type.IsNullable => $"Write {Shown(e)} !== null.",
        ExprKind.Text or ExprKind.Choice => $"Write {Shown(e)} !== \"\".",
        ExprKind.Integer or ExprKind.Number => $"Write {Shown(e)} !== 0.",
        ExprKind.Decimal => $"Write money.compare({Shown(e)}, 0) !== 0.",
        _ => null,
    };

    private ExprType Unary(UnaryExpression e)
    {
        if (e.Operator == Operator.LogicalNot)
        {
            Condition(e.Argument);
            return ExprType.Boolean;
        }

        var type = Visit(e.Argument).Type;
        if (e.Operator != Operator.UnaryNegation)
        {
            return ExprType.Any;
        }

        if (type.Kind == ExprKind.Decimal)
        {
            Error(ProblemCodes.OpaqueOperator, e, "A minus does not work on a decimal: it is exact.", $"Write money.multiply({Shown(e.Argument)}, -1).");
            return ExprType.Decimal;
        }

        Operand(e.Argument, type);
        return type.Kind == ExprKind.Integer ? ExprType.Integer : ExprType.Number;
    }

    private ExprType Binary(BinaryExpression e)
    {
        var (left, right) = (Visit(e.Left).Type, Visit(e.Right).Type);
        switch (e.Operator)
        {
            case Operator.StrictEquality or Operator.StrictInequality:
                Equality(e, left, right);
                return ExprType.Boolean;
            case Operator.LessThan or Operator.LessThanOrEqual or Operator.GreaterThan or Operator.GreaterThanOrEqual:
                if (!Opaque(e, left, right))
                {
                    Order(e, left, right);
                }

                return ExprType.Boolean;
            case Operator.Addition:
                return Opaque(e, left, right) ? ExprType.Any : Plus(e, left, right);
            case Operator.Subtraction or Operator.Multiplication or Operator.Division or Operator.Remainder:
                if (Opaque(e, left, right))
                {
                    return ExprType.Any;
                }

                Operand(e.Left, left);
                Operand(e.Right, right);
                return e.Operator != Operator.Division && left.Kind == ExprKind.Integer && right.Kind == ExprKind.Integer ? ExprType.Integer : ExprType.Number;
            default:
                return ExprType.Any;
        }
    }

    private ExprType Plus(BinaryExpression e, ExprType left, ExprType right)
    {
        if (left.IsTextLike || right.IsTextLike)
        {
            foreach (var (node, type) in new[] { (e.Left, left), (e.Right, right) })
            {
                if (type.Kind is ExprKind.List or ExprKind.Object)
                {
                    Error(ProblemCodes.WrongType, node, $"Text is joined with text, but this is {type}.", null);
                }
                else if (type.IsNullable)
                {
                    Report(ProblemCodes.NullInTemplate, options.NullInTemplateIsError ? ExpressionSeverity.Error : ExpressionSeverity.Warning, node, $"{Shown(node)} may be null: that part would be empty.", "Give another value for null: … ?? \"…\".");
                }
            }

            return ExprType.Text;
        }

        Operand(e.Left, left);
        Operand(e.Right, right);
        return left.Kind == ExprKind.Integer && right.Kind == ExprKind.Integer ? ExprType.Integer
            : left.IsNumeric && right.IsNumeric ? ExprType.Number
            : ExprType.Any;
    }

    private void Operand(Expression e, ExprType type)
    {
        if (type.Kind is ExprKind.Any or ExprKind.Nothing)
        {
            return;
        }

        if (type.IsNullable)
        {
            MayBeNull(e, "calculated or compared with", $"({Shown(e)} ?? 0), or test {Shown(e)} !== null before");
        }
        else if (!type.IsNumeric)
        {
            Error(ProblemCodes.WrongType, e, $"A number is needed here, but this is {type}.", type.IsTextLike ? $"For an exact number from text write money.of({Shown(e)})." : null);
        }
    }

    private void Order(BinaryExpression e, ExprType left, ExprType right)
    {
        if (left.Kind is ExprKind.Text or ExprKind.Choice && right.Kind is ExprKind.Text or ExprKind.Choice && !left.IsNullable && !right.IsNullable)
        {
            return;
        }

        Operand(e.Left, left);
        Operand(e.Right, right);
    }

    /// <summary>Exact numbers, days and instants know no operators: each has its function.</summary>
    private bool Opaque(BinaryExpression e, ExprType left, ExprType right)
    {
        var opaque = left.IsOpaque ? left : right.IsOpaque ? right : null;
        if (opaque is null)
        {
            return false;
        }

        var (a, b) = (Shown(e.Left), Shown(e.Right));
        var money = opaque.Kind == ExprKind.Decimal;
        var instead = (e.Operator, money) switch
        {
            (Operator.StrictEquality, true) => $"money.compare({a}, {b}) === 0",
            (Operator.StrictInequality, true) => $"money.compare({a}, {b}) !== 0",
            (Operator.LessThan, true) => $"money.compare({a}, {b}) < 0",
            (Operator.LessThanOrEqual, true) => $"money.compare({a}, {b}) <= 0",
            (Operator.GreaterThan, true) => $"money.compare({a}, {b}) > 0",
            (Operator.GreaterThanOrEqual, true) => $"money.compare({a}, {b}) >= 0",
            (Operator.Addition, true) => left.IsTextLike || right.IsTextLike ? $"a template, `${{{a}}}${{{b}}}`" : $"money.add({a}, {b})",
            (Operator.Subtraction, true) => $"money.subtract({a}, {b})",
            (Operator.Multiplication, true) => $"money.multiply({a}, {b})",
            (Operator.Division, true) => $"money.divide({a}, {b})",
            (Operator.StrictEquality, false) => $"date.same({a}, {b})",
            (Operator.StrictInequality, false) => $"!date.same({a}, {b})",
            (Operator.LessThan, false) => $"date.before({a}, {b})",
            (Operator.GreaterThan, false) => $"date.after({a}, {b})",
            (Operator.LessThanOrEqual, false) => $"!date.after({a}, {b})",
            (Operator.GreaterThanOrEqual, false) => $"!date.before({a}, {b})",
            (Operator.Addition or Operator.Subtraction, false) => $"date.add({a}, \"1d\") or date.days(from, to)",
            _ => money ? "money.*" : "date.*",
        };
        Error(ProblemCodes.OpaqueOperator, e, $"'{Sign(e.Operator)}' does not work on {(opaque.Kind == ExprKind.Instant ? "an" : "a")} {opaque.NotNull()}.", $"Write {instead}.");
        return true;
    }

    private void Equality(BinaryExpression e, ExprType left, ExprType right)
    {
        if (left.Kind is ExprKind.Any or ExprKind.Null or ExprKind.Nothing || right.Kind is ExprKind.Any or ExprKind.Null or ExprKind.Nothing)
        {
            return;
        }

        if (Opaque(e, left, right))
        {
            return;
        }

        if (left.Kind is ExprKind.Object or ExprKind.List || right.Kind is ExprKind.Object or ExprKind.List)
        {
            Error(ProblemCodes.NeverEqual, e, "Objects and lists are not compared as a whole.", "Compare a field, as a.id === b.id.");
            return;
        }

        if (!Comparable(left, right))
        {
            Error(ProblemCodes.NeverEqual, e, $"{left.NotNull()} is never equal to {right.NotNull()}.", left.Kind == ExprKind.Id || right.Kind == ExprKind.Id ? "Ids are text: write \"123\"." : null);
            return;
        }

        if (left.Kind == ExprKind.Choice && right.Kind == ExprKind.Choice && !left.Values.Intersect(right.Values).Any())
        {
            var (literal, text, other) = e.Right is StringLiteral r ? (r, r.Value, left) : e.Left is StringLiteral l ? (l, l.Value, right) : ((Expression)e, "", left);
            Error(ProblemCodes.NeverEqual, literal, literal == e ? $"{left.NotNull()} is never equal to {right.NotNull()}." : $"\"{text}\" is not one of {other.NotNull()}.", Nearest.Hint(text, other.Values, v => $"\"{v}\""));
        }
        else if (left.Kind == ExprKind.Id && right.Kind == ExprKind.Id && left.Entity is not null && right.Entity is not null && left.Entity != right.Entity)
        {
            Report(ProblemCodes.NeverEqual, ExpressionSeverity.Warning, e, $"An id of {left.Entity} is compared with an id of {right.Entity}.", null);
        }
    }

    private static bool Comparable(ExprType a, ExprType b) =>
        a.Kind is ExprKind.Any or ExprKind.Nothing or ExprKind.Null || b.Kind is ExprKind.Any or ExprKind.Nothing or ExprKind.Null
        || (a.IsTextLike && b.IsTextLike) || (a.IsNumeric && b.IsNumeric) || a.Kind == b.Kind;

    private static string Sign(Operator o) => o switch
    {
        Operator.StrictEquality => "===",
        Operator.StrictInequality => "!==",
        Operator.LessThan => "<",
        Operator.LessThanOrEqual => "<=",
        Operator.GreaterThan => ">",
        Operator.GreaterThanOrEqual => ">=",
        Operator.Addition => "+",
        Operator.Subtraction => "-",
        Operator.Multiplication => "*",
        Operator.Division => "/",
        Operator.Remainder => "%",
        _ => o.ToString(),
    };

    private void Require(Expression at, ExprType given, ExprType wanted, string what)
    {
        if (!wanted.Accepts(given))
        {
            if (given.IsNullable && wanted.Accepts(given.NotNull()))
            {
                MayBeNull(at, "used here", $"({Shown(at)} ?? …)");
            }
            else
            {
                Error(ProblemCodes.WrongType, at, $"{what} is {wanted}, but this is {given}.", null);
            }
        }
    }
}
