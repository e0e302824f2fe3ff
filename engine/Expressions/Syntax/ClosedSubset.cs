using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Syntax;

/// <summary>
/// The part of JavaScript that an expression may use. What is not named here is refused, each with what to write instead; the checker and
/// the script writer both ask it, so nothing outside of it ever reaches the engine.
/// </summary>
internal static class ClosedSubset
{
    private static readonly HashSet<string> ForbiddenMembers =
    [
        "__proto__", "constructor", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
        "caller", "callee", "arguments",
    ];

    public static bool IsForbiddenMember(string name) => ForbiddenMembers.Contains(name);

    public static IReadOnlyList<ExpressionProblem> Check(Expression root)
    {
        var problems = new List<ExpressionProblem>();
        Visit(root, null, problems);
        return problems;
    }

    private static void Visit(Node node, Node? parent, List<ExpressionProblem> problems)
    {
        var refused = Refuse(node, parent);
        if (refused is { } r)
        {
            problems.Add(new ExpressionProblem(ProblemCodes.NotInLanguage, ExpressionSeverity.Error, r.At.Start, r.At.End - r.At.Start, r.Message, r.Hint is null || r.Hint.StartsWith("Did you", StringComparison.Ordinal) ? r.Hint : $"Instead: {r.Hint}"));
            // What stands inside statements would only repeat the complaint.
            if (node is not (AssignmentExpression or SequenceExpression or BinaryExpression or UnaryExpression or CallExpression or MemberExpression))
            {
                return;
            }
        }

        foreach (var child in node.ChildNodes)
        {
            if (child is not null)
            {
                Visit(child, node, problems);
            }
        }
    }

    private static (Node At, string Message, string? Hint)? Refuse(Node node, Node? parent) => node switch
    {
        Identifier i => Name(i, parent),
        Literal l => Literals(l),
        TemplateLiteral or TemplateElement or ChainExpression or ConditionalExpression => null,
        MemberExpression m => Member(m),
        CallExpression c => Call(c),
        LogicalExpression => null,
        BinaryExpression b => Binary(b),
        UpdateExpression u => (u, "An expression cannot change anything.", "x + 1"),
        UnaryExpression u => Unary(u),
        ArrowFunctionExpression a => Arrow(a, parent),
        ArrayExpression a => a.Elements.Any(e => e is null) ? (a, "A list literal with a gap.", "null for an item that is absent") : null,
        ObjectExpression => null,
        Property p => Field(p),
        SpreadElement s => parent is CallExpression ? (s, "Spread is only for list and object literals.", "pass the list itself") : null,
        AssignmentExpression a => (a, "An expression cannot assign.", a.Operator == Operator.Assignment ? "=== to compare; a line of a map step to name a value" : "a line of a map step to name a value"),
        SequenceExpression s => (s, "The comma operator.", "one value; a line of a map step for each other one"),
        ThisExpression t => (t, "'this' has no meaning here.", "input, params or a step's id"),
        NewExpression n => (n, "Nothing is constructed in an expression.", n.Callee is Identifier { Name: "Date" } ? "run.now, date.of, date.at or date.add" : "an object or list literal"),
        FunctionExpression f => (f, "A function.", "an arrow function: x => x.name"),
        ClassExpression c => (c, "A class.", "an object literal"),
        AwaitExpression a => (a, "An expression does not wait.", "a step that reads what is needed"),
        YieldExpression y => (y, "An expression does not yield.", "a list"),
        TaggedTemplateExpression t => (t, "A tagged template.", "a plain template: `…`"),
        ImportExpression i => (i, "Nothing can be imported.", "the library: normalize, split, date, money, text, list, table"),
        MetaProperty m => (m, "Meta properties.", null),
        Super s => (s, "'super' has no meaning here.", null),
        ArrayPattern or ObjectPattern or AssignmentPattern or RestElement => (node, "Parameters are plain names.", "x => x.name"),
        _ => (node, $"{node.TypeText} is not part of the expression language.", "one value made of members, operators, templates, literals and library functions"),
    };

    private static (Node, string, string?)? Name(Identifier name, Node? parent)
    {
        if (parent is MemberExpression { Computed: false } m && m.Property == name)
        {
            return null;
        }

        if (parent is Property { Computed: false, Shorthand: false } p && p.Key == name)
        {
            return null;
        }

        return name.Name switch
        {
            "undefined" => (name, "'undefined' does not exist: what is absent is null.", "null"),
            "arguments" or "eval" => (name, $"'{name.Name}' is not part of the expression language.", null),
            _ when name.Name.Contains('$') => (name, "A name with $.", "letters, digits and _"),
            _ => null,
        };
    }

    private static (Node, string, string?)? Literals(Literal literal) => literal.Kind switch
    {
        TokenKind.StringLiteral or TokenKind.NumericLiteral or TokenKind.BooleanLiteral or TokenKind.NullLiteral => null,
        TokenKind.BigIntLiteral => (literal, "A BigInt.", "a plain number, or money.of(\"…\") for an exact one"),
        TokenKind.RegExpLiteral => (literal, "A regular expression.", "includes, startsWith, endsWith, split or replaceAll with plain text"),
        _ => (literal, "This literal is not part of the expression language.", null),
    };

    private static (Node, string, string?)? Member(MemberExpression m)
    {
        if (m.Property is PrivateIdentifier)
        {
            return (m.Property, "A private member.", null);
        }

        if (!m.Computed)
        {
            return m.Property is Identifier { Name: var name } && IsForbiddenMember(name)
                ? (m.Property, $"The member '{name}' cannot be read.", null)
                : null;
        }

        if (m.Property is StringLiteral { Value: var text })
        {
            return IsForbiddenMember(text) ? (m.Property, $"The member '{text}' cannot be read.", null) : null;
        }

        return null;
    }

    private static (Node, string, string?)? Call(CallExpression call)
    {
        switch (call.Callee)
        {
            case Identifier { Name: "table" }:
                return call.Optional ? (call, "A function is not called with ?.", "table(…)") : null;
            case Identifier i:
                return (i, $"'{i.Name}' is not a function of the library.", ExpressionLibrary.Substitutes.GetValueOrDefault(i.Name) ?? Nearest.Hint(i.Name, ExpressionLibrary.Functions.Keys));
            case MemberExpression { Computed: true } m:
                return (m.Property, "A method is called by its name.", "items.map(…)");
            case MemberExpression:
                return call.Optional ? (call, "A method is not called with '?.('.", "value?.method(…)") : null;
            case Super or ImportExpression:
                return null;
            default:
                return (call, "Only methods and functions of the library can be called.", "items.map(…), money.add(…)");
        }
    }

    private static (Node, string, string?)? Binary(BinaryExpression b) => b.Operator switch
    {
        Operator.StrictEquality or Operator.StrictInequality
            or Operator.LessThan or Operator.LessThanOrEqual or Operator.GreaterThan or Operator.GreaterThanOrEqual
            or Operator.Addition or Operator.Subtraction or Operator.Multiplication or Operator.Division or Operator.Remainder => null,
        Operator.Equality => (b, "'==' converts before it compares.", "==="),
        Operator.Inequality => (b, "'!=' converts before it compares.", "!=="),
        Operator.In => (b, "'in' is not part of the expression language.", "x.name !== null"),
        Operator.InstanceOf => (b, "'instanceof' is not part of the expression language.", "x !== null"),
        Operator.Exponentiation => (b, "'**' is not part of the expression language.", "x * x"),
        _ => (b, "Bit operators are not part of the expression language.", "&& and || for conditions"),
    };

    private static (Node, string, string?)? Unary(UnaryExpression u) => u.Operator switch
    {
        Operator.LogicalNot or Operator.UnaryNegation => null,
        Operator.UnaryPlus => (u, "A plus sign converts text to a number.", "money.of(text) for an exact number"),
        Operator.TypeOf => (u, "'typeof' is not part of the expression language.", "x !== null; the checker knows the types"),
        Operator.Void => (u, "'void' is not part of the expression language.", "null"),
        Operator.Delete => (u, "'delete' is not part of the expression language.", "an object literal without the field"),
        _ => (u, "Bit operators are not part of the expression language.", null),
    };

    private static (Node, string, string?)? Arrow(ArrowFunctionExpression a, Node? parent)
    {
        if (a.Async)
        {
            return (a, "An expression does not wait.", "x => x.name");
        }

        if (a.Body is not Expression)
        {
            return (a.Body, "An arrow function with statements.", "x => value; for an object: x => ({ … })");
        }

        if (parent is not CallExpression call || call.Callee == a)
        {
            return (a, "An arrow function is only an argument of a list's method or of the library.", "items.map(x => x.name)");
        }

        foreach (var parameter in a.Params)
        {
            if (parameter is Identifier { Name: var name } && (ExpressionLibrary.Namespaces.Contains(name) || name is "keep" or "clear"))
            {
                return (parameter, $"'{name}' is a name of the library.", "another name for the parameter");
            }
        }

        return null;
    }

    private static (Node, string, string?)? Field(Property p)
    {
        if (p.Computed)
        {
            return (p.Key, "A computed field name.", "a fixed name");
        }

        if (p.Kind != PropertyKind.Init || p.Method)
        {
            return (p, "Methods, getters and setters are not part of the expression language.", "name: value");
        }

        var name = p.Key switch { Identifier i => i.Name, StringLiteral s => s.Value, _ => null };
        return name is null ? (p.Key, "A field name is a word or text.", "name: value")
            : IsForbiddenMember(name) ? (p.Key, $"A field cannot be named '{name}'.", null)
            : null;
    }
}
