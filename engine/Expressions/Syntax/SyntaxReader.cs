using Acornima;
using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Expressions.Syntax;

/// <summary>Text to syntax tree, within the limits of size and nesting. A mistake is a problem, never an exception.</summary>
internal static class SyntaxReader
{
    public const int MostCharacters = 16 * 1024;
    public const int DeepestNesting = 64;

    /// <summary>The parser reads each arrow function twice, so nested ones cost the square of their number.</summary>
    private const int MostArrows = 128;

    private static readonly ParserOptions Options = new()
    {
        EcmaVersion = EcmaVersion.Latest,
        AllowReturnOutsideFunction = false,
    };

    public static (Expression? Root, ExpressionProblem? Problem) Read(string source)
    {
        if (source.Length > MostCharacters)
        {
            return (null, Error(ProblemCodes.TooLarge, 0, source.Length, $"The expression has {source.Length} characters; {MostCharacters} are allowed.", "Split it over several lines of a map step."));
        }

        if (string.IsNullOrWhiteSpace(source))
        {
            return (null, Error(ProblemCodes.Syntax, 0, source.Length, "The expression is empty.", "Write null, or what the value should be."));
        }

        if (BracketsNestTooDeep(source))
        {
            return (null, TooDeep(source));
        }

        try
        {
            var root = new Parser(Options).ParseExpression(source, null, true);
            return Depth(root) > DeepestNesting ? (null, TooDeep(source)) : (root, null);
        }
        catch (ParseErrorException e)
        {
            return (null, Broken(source, e));
        }
        catch (InsufficientExecutionStackException)
        {
            return (null, TooDeep(source));
        }
    }

    private static ExpressionProblem Broken(string source, ParseErrorException e)
    {
        var start = Math.Clamp(e.Error.Index, 0, source.Length);
        var length = start < source.Length ? 1 : 0;
        var message = e.Description.TrimEnd('.');
        return Error(ProblemCodes.Syntax, start, length, $"The expression cannot be read: {char.ToLowerInvariant(message[0])}{message[1..]}.", Guess(source, start));
    }

    private static string? Guess(string source, int at)
    {
        var rest = source[at..].TrimStart();
        if (rest.Length == 0)
        {
            return "It ends too early: a bracket, a quote or an operand is missing.";
        }

        var word = new string([.. rest.TakeWhile(char.IsLetter)]);
        return word switch
        {
            "and" => "Write && for and.",
            "or" => "Write || for or.",
            "not" => "Write ! for not.",
            "if" => "Write condition ? value : otherwise.",
            "return" or "var" or "let" or "const" or "for" or "while" or "function" => "An expression has no statements: it is one value. Intermediate values are lines of a map step.",
            _ => null,
        };
    }

    /// <summary>Before parsing, since the parser itself recurses.</summary>
    private static bool BracketsNestTooDeep(string source)
    {
        var (depth, arrows) = (0, 0);
        var quote = '\0';
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (quote != '\0')
            {
                if (c == '\\')
                {
                    i++;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                if (++depth > DeepestNesting)
                {
                    return true;
                }
            }
            else if (c == '=' && i + 1 < source.Length && source[i + 1] == '>' && ++arrows > MostArrows)
            {
                return true;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
        }

        return false;
    }

    private static int Depth(Node root)
    {
        var deepest = 0;
        var open = new Stack<(Node Node, int Depth)>();
        open.Push((root, 1));
        while (open.TryPop(out var next))
        {
            deepest = Math.Max(deepest, next.Depth);
            if (deepest > DeepestNesting)
            {
                return deepest;
            }

            foreach (var child in next.Node.ChildNodes)
            {
                if (child is not null)
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }

        return deepest;
    }

    private static ExpressionProblem TooDeep(string source) =>
        Error(ProblemCodes.TooLarge, 0, source.Length, $"The expression is nested more than {DeepestNesting} levels deep.", "Split it over several lines of a map step.");

    private static ExpressionProblem Error(string code, int start, int length, string message, string? hint) =>
        new(code, ExpressionSeverity.Error, start, length, message, hint);
}
