using System.Globalization;
using System.Text;
using System.Text.Json;
using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// Writes the script of a mapping anew from the tree: only what is written here can reach the engine. Absent is null, whatever allocates or
/// loops is a charged function of ours, and methods are ours, so the engine's own are never needed.
/// </summary>
internal sealed partial class ScriptWriter(IReadOnlyList<string> names, string? self)
{
    private readonly StringBuilder body = new();
    private readonly List<string> parameters = [];
    private readonly SortedSet<int> used = [];
    private int temporaries;
    private string tail = "";

    public SourceMap Map { get; } = new();

    public ExpressionProblem? Problem { get; private set; }

    /// <summary>The expression being written.</summary>
    public int Expression { get; private set; }

    public IEnumerable<int> Used => used;

    public void WriteAll(IReadOnlyList<Expression> roots)
    {
        body.Append("return[");
        for (Expression = 0; Expression < roots.Count && Problem is null; Expression++)
        {
            Root(roots[Expression]);
            body.Append(',');
        }

        Expression = Math.Min(Expression, roots.Count) - (Problem is null ? 0 : 1);
        body.Append(']');
    }

    public void WriteLines(IReadOnlyList<Expression> roots, IReadOnlyList<string> lines)
    {
        body.Append("const ").Append(self).Append("={};");
        for (Expression = 0; Expression < roots.Count && Problem is null; Expression++)
        {
            body.Append(self).Append('[').Append(Quoted(lines[Expression])).Append("]=");
            Root(roots[Expression]);
            body.Append(';');
            tail += $"{self}[{Quoted(lines[Expression])}],";
        }

        Expression = Math.Min(Expression, roots.Count) - (Problem is null ? 0 : 1);
        body.Append("return[").Append(tail).Append(']');
    }

    public string Finish()
    {
        var script = new StringBuilder(HeadLength + body.Length + 8);
        Head(script);
        return script.Append(body).Append(";})").ToString();
    }

    /// <summary>The head stands on a line of its own, so places in the body are columns of the second line.</summary>
    private int HeadLength => 64 + (names.Count * 12);

    private void Head(StringBuilder script)
    {
        script.Append("(function(").AppendJoin(',', used.Select(i => names[i])).Append("){\"use strict\";");
        for (var i = 0; i < temporaries; i++)
        {
            script.Append(i == 0 ? "let " : ",").Append("$t").Append(i);
        }

        script.Append(temporaries > 0 ? ";\n" : "\n");
    }

    private void Root(Expression root)
    {
        Mark(root);
        Write(root);
    }

    private void Write(Expression e)
    {
        if (Problem is not null)
        {
            return;
        }

        switch (e)
        {
            case Literal literal:
                Literals(literal);
                break;
            case Identifier name:
                Name(name);
                break;
            case TemplateLiteral template:
                Template(template);
                break;
            case ChainExpression chain:
                Link(chain.Expression);
                break;
            case MemberExpression or CallExpression:
                Link(e);
                break;
            case ConditionalExpression c:
                body.Append('(');
                Write(c.Test);
                body.Append('?');
                Write(c.Consequent);
                body.Append(':');
                Write(c.Alternate);
                body.Append(')');
                break;
            case LogicalExpression l:
                Infix(l.Left, l.Operator switch { Operator.LogicalAnd => "&&", Operator.LogicalOr => "||", _ => "??" }, l.Right, l);
                break;
            case BinaryExpression b:
                Binary(b);
                break;
            case UnaryExpression u:
                Mark(u);
                body.Append(u.Operator == Operator.LogicalNot ? "(!" : "(- ");
                Write(u.Argument);
                body.Append(')');
                break;
            case ArrowFunctionExpression a:
                Arrow(a);
                break;
            case ArrayExpression a:
                List(a);
                break;
            case ObjectExpression o:
                Object(o);
                break;
            default:
                Refuse(e, $"{e.TypeText} is not part of the expression language.");
                break;
        }
    }

    private void Literals(Literal literal)
    {
        switch (literal)
        {
            case StringLiteral s:
                body.Append(Quoted(s.Value));
                break;
            case NumericLiteral n:
                body.Append('(').Append(double.IsFinite(n.Value) ? n.Value.ToString("R", CultureInfo.InvariantCulture) : "1e999").Append(')');
                break;
            case BooleanLiteral b:
                body.Append(b.Value ? "true" : "false");
                break;
            default:
                body.Append("null");
                break;
        }
    }

    private void Name(Identifier identifier)
    {
        var name = identifier.Name;
        if (parameters.Contains(name) || name == self)
        {
            body.Append(name);
        }
        else if (name is "keep" or "clear")
        {
            body.Append('$').Append(name);
        }
        else if (IndexOf(name) is var index and >= 0)
        {
            used.Add(index);
            body.Append(name);
        }
        else
        {
            Refuse(identifier, $"There is no '{name}' here.");
        }
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private void Template(TemplateLiteral template)
    {
        Call("$str", template);
        for (var i = 0; i < template.Quasis.Count; i++)
        {
            if (template.Quasis[i].Value.Cooked is { Length: > 0 } text)
            {
                body.Append(',').Append(Quoted(text));
            }

            if (i < template.Expressions.Count)
            {
                body.Append(',');
                Write(template.Expressions[i]);
            }
        }

        body.Append(')');
    }

    private void Binary(BinaryExpression b)
    {
        switch (b.Operator)
        {
            case Operator.StrictEquality or Operator.StrictInequality:
                Equality(b, b.Operator == Operator.StrictEquality);
                break;
            case Operator.Addition when !(IsNumber(b.Left) && IsNumber(b.Right)):
                Call("$add", b);
                body.Append(',');
                Write(b.Left);
                body.Append(',');
                Write(b.Right);
                body.Append(')');
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
            body.Append(equal ? "" : "(!");
            Call("$eq", b);
            body.Append(',');
            Write(b.Left);
            body.Append(',');
            Write(b.Right);
            body.Append(equal ? ")" : "))");
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
        body.Append('(');
        Write(left);
        Mark(at);
        body.Append(sign);
        Write(right);
        body.Append(')');
    }

    private void Arrow(ArrowFunctionExpression arrow)
    {
        var before = parameters.Count;
        var mine = arrow.Params.OfType<Identifier>().Select(p => p.Name).ToArray();
        body.Append("((").AppendJoin(',', mine).Append(")=>(");
        parameters.AddRange(mine);
        Write((Expression)arrow.Body);
        parameters.RemoveRange(before, parameters.Count - before);
        body.Append("))");
    }

    private void List(ArrayExpression array)
    {
        if (!array.Elements.Any(e => e is SpreadElement))
        {
            Items(array.Elements.Cast<Expression>());
            return;
        }

        Call("$cat", array);
        var run = new List<Expression>();
        foreach (var element in array.Elements)
        {
            if (element is SpreadElement spread)
            {
                Flush(run);
                body.Append(',');
                Write(spread.Argument);
            }
            else
            {
                run.Add((Expression)element!);
            }
        }

        Flush(run);
        body.Append(')');
    }

    private void Flush(List<Expression> run)
    {
        if (run.Count > 0)
        {
            body.Append(',');
            Items(run);
            run.Clear();
        }
    }

    private void Items(IEnumerable<Expression> items)
    {
        body.Append('[');
        foreach (var item in items)
        {
            Write(item);
            body.Append(',');
        }

        body.Append(']');
    }

    private void Object(ObjectExpression literal)
    {
        body.Append("({");
        foreach (var node in literal.Properties)
        {
            if (node is SpreadElement spread)
            {
                body.Append("...");
                Write(spread.Argument);
            }
            else if (node is Property { Value: Expression value } property)
            {
                body.Append(Quoted(property.Key is Identifier i ? i.Name : ((StringLiteral)property.Key).Value)).Append(':');
                Write(value);
            }

            body.Append(',');
        }

        body.Append("})");
    }

    /// <summary>The beginning of a charged call: its first argument says where it stands.</summary>
    private void Call(string function, Node at)
    {
        Mark(at);
        body.Append(function).Append('(').Append(Map.Site(Expression, at.Start));
    }

    private void Mark(Node at) => Map.Mark(body.Length, Expression, at.Start);

    private void Refuse(Node at, string message) =>
        Problem ??= new ExpressionProblem(ProblemCodes.NotInLanguage, ExpressionSeverity.Error, at.Start, at.End - at.Start, message, null);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string? LibraryName(Expression callee, ICollection<string> hidden) => callee switch
    {
        Identifier { Name: "table" } => "table",
        MemberExpression { Computed: false, Object: Identifier { Name: var first }, Property: Identifier { Name: var second } }
            when ExpressionLibrary.Namespaces.Contains(first) && !hidden.Contains(first) => $"{first}.{second}",
        _ => null,
    };
}
