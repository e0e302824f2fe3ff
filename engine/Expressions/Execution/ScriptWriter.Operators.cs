using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Expressions.Execution;

internal sealed partial class ScriptWriter
{
    private void Binary(BinaryExpression b)
    {
        switch (b.Operator)
        {
            case Operator.StrictEquality or Operator.StrictInequality:
                Equality(b, b.Operator == Operator.StrictEquality);
                break;
            case Operator.Addition when !(IsNumber(b.Left) && IsNumber(b.Right)):
                Call("add", b);
                Body.Append(',');
                Write(b.Left);
                Body.Append(',');
                Write(b.Right);
                Body.Append(')');
                break;
            default:
                Infix(b.Left, b.Operator switch
                {
                    Operator.Addition => "+",
                    Operator.Subtraction => "- ",
                    Operator.Multiplication => "*",
                    Operator.Division => "/",
                    Operator.Remainder => "%",
                    Operator.LessThan => "<",
                    Operator.LessThanOrEqual => "<=",
                    Operator.GreaterThan => ">",
                    _ => ">=",
                }, b.Right, b);
                break;
        }
    }

    private void Equality(BinaryExpression b, bool equal)
    {
        if (Narrowing.IsNull(b.Left) || Narrowing.IsNull(b.Right))
        {
            Infix(b.Left, equal ? "==" : "!=", b.Right, b);
        }
        else if (IsPlain(b.Left) || IsPlain(b.Right))
        {
            Infix(b.Left, equal ? "===" : "!==", b.Right, b);
        }
        else
        {
            Body.Append(equal ? "" : "(!");
            Call("eq", b);
            Body.Append(',');
            Write(b.Left);
            Body.Append(',');
            Write(b.Right);
            Body.Append(equal ? ")" : "))");
        }
    }

    /// <summary>Never null and never an exact number, so the engine's own comparison says the right thing.</summary>
    private static bool IsPlain(Expression e) => e is StringLiteral or BooleanLiteral or TemplateLiteral || (e is not NumericLiteral && IsNumber(e));

    private static bool IsNumber(Expression e) => Narrowing.Unchain(e) switch
    {
        NumericLiteral => true,
        MemberExpression { Computed: false, Property: Identifier { Name: "length" } } => e is not ChainExpression,
        BinaryExpression { Operator: Operator.Subtraction or Operator.Multiplication or Operator.Division or Operator.Remainder } => true,
        BinaryExpression { Operator: Operator.Addition } b => IsNumber(b.Left) && IsNumber(b.Right),
        UnaryExpression { Operator: Operator.UnaryNegation } => true,
        _ => false,
    };

    private void Infix(Expression left, string sign, Expression right, Node at)
    {
        Mark(at);
        Body.Append('(');
        Write(left);
        Mark(at);
        Body.Append(sign);
        Write(right);
        Body.Append(')');
    }
}
