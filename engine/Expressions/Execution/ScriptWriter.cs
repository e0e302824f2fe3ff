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
    private readonly List<Segment> hoisted = [];
    private readonly List<Direct> natives = [];
    private readonly List<string> parameters = [];
    private readonly SortedSet<int> used = [];
    private Segment segment = new();
    private int temporaries;
    private int lowestRead = int.MaxValue;
    private string tail = "";

    public SourceMap Map { get; } = new();

    public ExpressionProblem? Problem { get; private set; }

    /// <summary>The expression being written.</summary>
    public int Expression { get; private set; }

    public IEnumerable<int> Used => used;

    /// <summary>What a binding gives to <c>$.native</c>, by position.</summary>
    public IReadOnlyList<Direct> Natives => natives;

    /// <summary>Whether a line reads the lines before it.</summary>
    public bool ReadsSelf { get; private set; }

    private StringBuilder Body => segment.Text;

    public void WriteAll(IReadOnlyList<Expression> roots)
    {
        Body.Append("return[");
        for (Expression = 0; Expression < roots.Count && Problem is null; Expression++)
        {
            Root(roots[Expression]);
            Body.Append(',');
        }

        Expression = Math.Min(Expression, roots.Count) - (Problem is null ? 0 : 1);
        Body.Append(']');
    }

    public void WriteLines(IReadOnlyList<Expression> roots, IReadOnlyList<string> lines)
    {
        Body.Append("const ").Append(self).Append("={};");
        for (Expression = 0; Expression < roots.Count && Problem is null; Expression++)
        {
            Body.Append(self).Append('[').Append(Quoted(lines[Expression])).Append("]=");
            Root(roots[Expression]);
            Body.Append(';');
            tail += $"{self}[{Quoted(lines[Expression])}],";
        }

        Expression = Math.Min(Expression, roots.Count) - (Problem is null ? 0 : 1);
        Body.Append("return[").Append(tail).Append(']');
    }

    /// <summary>
    /// A function of our functions that gives the mapping's function, so that callbacks which read nothing around them are made once per
    /// engine. All of it but the head stands on the second line: places are columns there.
    /// </summary>
    public string Finish()
    {
        var mapping = segment;
        var line = new Segment();
        for (var i = 0; i < hoisted.Count; i++)
        {
            line.Text.Append("const $f").Append(i).Append('=');
            line.Append(hoisted[i]);
            line.Text.Append(';');
        }

        line.Text.Append("return (function(").AppendJoin(',', used.Select(i => names[i]).Concat(Temporaries(0))).Append("){");
        line.Append(mapping);
        line.Text.Append(";});");
        Map.Place(line.Marks);
        return $"(function($){{\"use strict\";\n{line.Text}}})";
    }

    private IEnumerable<string> Temporaries(int from) => Enumerable.Range(from, temporaries - from).Select(t => $"$t{t}");

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
                Body.Append('(');
                Write(c.Test);
                Body.Append('?');
                Write(c.Consequent);
                Body.Append(':');
                Write(c.Alternate);
                Body.Append(')');
                break;
            case LogicalExpression l:
                Infix(l.Left, l.Operator switch { Operator.LogicalAnd => "&&", Operator.LogicalOr => "||", _ => "??" }, l.Right, l);
                break;
            case BinaryExpression b:
                Binary(b);
                break;
            case UnaryExpression u:
                Mark(u);
                Body.Append(u.Operator == Operator.LogicalNot ? "(!" : "(- ");
                Write(u.Argument);
                Body.Append(')');
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
                Body.Append(Quoted(s.Value));
                break;
            case NumericLiteral n:
                Body.Append('(').Append(double.IsFinite(n.Value) ? n.Value.ToString("R", CultureInfo.InvariantCulture) : "1e999").Append(')');
                break;
            case BooleanLiteral b:
                Body.Append(b.Value ? "true" : "false");
                break;
            default:
                Body.Append("null");
                break;
        }
    }

    private void Name(Identifier identifier)
    {
        var name = identifier.Name;
        if (parameters.LastIndexOf(name) is var parameter and >= 0)
        {
            lowestRead = Math.Min(lowestRead, parameter);
            Body.Append(name);
        }
        else if (name == self)
        {
            ReadsSelf = true;
            lowestRead = -1;
            Body.Append(name);
        }
        else if (name is "keep" or "clear")
        {
            Body.Append(Host(name));
        }
        else if (IndexOf(name) is var index and >= 0)
        {
            lowestRead = -1;
            used.Add(index);
            Body.Append(name);
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
        Call("str", template);
        for (var i = 0; i < template.Quasis.Count; i++)
        {
            if (template.Quasis[i].Value.Cooked is { Length: > 0 } text)
            {
                Body.Append(',').Append(Quoted(text));
            }

            if (i < template.Expressions.Count)
            {
                Body.Append(',');
                Write(template.Expressions[i]);
            }
        }

        Body.Append(')');
    }

    /// <summary>The beginning of a charged call: its first argument says where it stands.</summary>
    private void Call(string function, Node at)
    {
        Mark(at);
        Body.Append(Host(function)).Append('(').Append(Map.Site(Expression, at.Start));
    }

    private void Mark(Node at) => segment.Marks.Add((Body.Length, Expression, at.Start));

    /// <summary>One of our functions in the script: a member of the frozen <c>$</c>, which the engine reads faster than a global.</summary>
    private static string Host(string function) => "$." + function;

    private void Refuse(Node at, string message) =>
        Problem ??= new ExpressionProblem(ProblemCodes.NotInLanguage, ExpressionSeverity.Error, at.Start, at.End - at.Start, message, null);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    internal static string? LibraryName(Expression callee, ICollection<string> hidden) => callee switch
    {
        Identifier { Name: "table" } => "table",
        MemberExpression { Computed: false, Object: Identifier { Name: var first }, Property: Identifier { Name: var second } }
            when ExpressionLibrary.Namespaces.Contains(first) && !hidden.Contains(first) => $"{first}.{second}",
        _ => null,
    };
}
