using System.Collections.Immutable;
using Acornima.Ast;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>One walk over the tree of one expression. What the closed subset refuses has been reported; here it is simply unknown.</summary>
internal sealed partial class Checker(string source, NameScope scope, AnalysisOptions options)
{
    private readonly Dictionary<string, Checked> parameters = [];
    private ImmutableHashSet<string> nonNull = scope.NonNull;

    public List<ExpressionProblem> Problems { get; } = [];

    public HashSet<ReadPath> Reads { get; } = [];

    public HashSet<FieldRead> FieldReads { get; } = [];

    public HashSet<string> Names { get; } = [];

    public HashSet<string> Tables { get; } = [];

    public ExprType Run(Expression root)
    {
        var result = Visit(root, isResult: true);
        if (options.Expected is { } expected && !Problems.Any(p => p.IsError) && !expected.Accepts(result.Type))
        {
            Unexpected(root, expected, result.Type);
        }

        return result.Type;
    }

    private void Unexpected(Expression root, ExprType expected, ExprType given)
    {
        string? hint = null;
        if (expected.Kind == ExprKind.Boolean)
        {
            hint = given.Kind == ExprKind.Boolean ? $"Write {Shown(root)} === true." : ConditionHint(root, given);
        }
        else if (given.IsNullable && !expected.IsNullable && expected.Accepts(given.NotNull()))
        {
            hint = "Give another value for null: … ?? value.";
        }

        Error(ProblemCodes.UnexpectedResult, root, $"Expected {expected}, but this is {given}.", hint);
    }

    private Checked Visit(Expression e, bool isResult = false)
    {
        var value = Inside(e, isResult);
        foreach (var origin in value.Origins)
        {
            Reads.Add(origin);
        }

        return value;
    }

    /// <summary>As <see cref="Visit"/>, without noting a read: a longer path will be noted.</summary>
    private Checked Inside(Expression e, bool isResult = false)
    {
        switch (e)
        {
            case Literal literal:
                return Checked.Of(TypeOf(literal));
            case Identifier name:
                return Name(name, isResult);
            case TemplateLiteral template:
                return Template(template);
            case ChainExpression chain:
                var ended = Inside(chain.Expression);
                return ended.MayEndEarly ? ended with { Type = ended.Type.OrNull(), MayEndEarly = false } : ended;
            case MemberExpression member:
                return Member(member);
            case CallExpression call:
                return Call(call);
            case ConditionalExpression conditional:
                return Conditional(conditional, isResult);
            case LogicalExpression logical:
                return Logical(logical, isResult);
            case BinaryExpression binary:
                return Checked.Of(Binary(binary));
            case UnaryExpression unary:
                return Checked.Of(Unary(unary));
            case ArrayExpression array:
                return Array(array);
            case ObjectExpression o:
                return Checked.Of(ObjectLiteral(o));
            default:
                return Checked.Of(ExprType.Any);
        }
    }

    private static ExprType TypeOf(Literal literal) => literal switch
    {
        StringLiteral s => ExprType.Choice(s.Value),
        NumericLiteral n => double.IsInteger(n.Value) && !literal.Raw.Contains('.') ? ExprType.Integer : ExprType.Number,
        BooleanLiteral => ExprType.Boolean,
        _ => Narrowing.IsNull(literal) ? ExprType.Null : ExprType.Any,
    };

    private Checked Name(Identifier identifier, bool isResult)
    {
        var name = identifier.Name;
        if (parameters.TryGetValue(name, out var parameter))
        {
            return parameter with { Type = Narrowed(identifier, parameter.Type) };
        }

        if (name is "keep" or "clear")
        {
            return Marker(identifier, isResult);
        }

        if (scope.TryGet(name, out var type))
        {
            Names.Add(name);
            return new Checked(Narrowed(identifier, type), [new ReadPath(name, [])]);
        }

        if (name is not ("undefined" or "arguments" or "eval"))
        {
            Unknown(identifier);
        }

        return Checked.Of(ExprType.Any);
    }

    private Checked Marker(Identifier identifier, bool isResult)
    {
        if (!options.AllowMarkers)
        {
            Error(ProblemCodes.MarkerNotHere, identifier, $"'{identifier.Name}' is only for the lines of set, setOnCreate and setOnUpdate.", "Write null.");
            return Checked.Of(ExprType.Any);
        }

        if (!isResult)
        {
            Error(ProblemCodes.MarkerNotHere, identifier, $"'{identifier.Name}' can only be the whole value.", $"condition ? {identifier.Name} : value");
        }

        return Checked.Of(identifier.Name == "keep" ? ExprType.Keep : ExprType.Clear);
    }

    private void Unknown(Identifier identifier)
    {
        var name = identifier.Name;
        if (scope.WhyUnavailable(name) is { } reason)
        {
            Error(ProblemCodes.NotAvailableHere, identifier, $"'{name}' cannot be read here: {reason}.", null);
        }
        else if (ExpressionLibrary.Namespaces.Contains(name))
        {
            var some = ExpressionLibrary.Functions.Keys.Where(f => f.StartsWith(name + ".", StringComparison.Ordinal)).Take(4);
            Error(ProblemCodes.UnknownName, identifier, $"'{name}' is a part of the library, not a value.", $"Call one of its functions: {string.Join(", ", some)}, …");
        }
        else
        {
            var known = scope.Names.Concat(parameters.Keys).Concat(ExpressionLibrary.Namespaces);
            var hint = Nearest.Hint(name, known)
                ?? (ExpressionLibrary.Substitutes.TryGetValue(name, out var instead) ? $"Instead: {instead}." : $"Known here: {string.Join(", ", scope.Names.Concat(parameters.Keys).Order(StringComparer.Ordinal).Take(12))}.");
            Error(ProblemCodes.UnknownName, identifier, $"There is no '{name}' here.", hint);
        }
    }

    private Checked Template(TemplateLiteral template)
    {
        foreach (var part in template.Expressions)
        {
            var type = Visit(part).Type;
            if (type.Kind is ExprKind.List or ExprKind.Object)
            {
                Error(ProblemCodes.WrongType, part, $"A part of a template is text, a number or a date, but this is {type}.", type.Kind == ExprKind.List ? "list.join(items, \", \")" : "Name one of its fields.");
            }
            else if (type.IsNullable)
            {
                Report(
                    ProblemCodes.NullInTemplate,
                    options.NullInTemplateIsError ? ExpressionSeverity.Error : ExpressionSeverity.Warning,
                    part,
                    options.NullInTemplateIsError ? $"{Shown(part)} may be null: a key must not be half empty." : $"{Shown(part)} may be null: that part would be empty.",
                    "Give another value for null: … ?? \"…\", or stop before.");
            }
        }

        return Checked.Of(ExprType.Text);
    }

    private Checked Array(ArrayExpression array)
    {
        var item = ExprType.Nothing;
        var origins = ImmutableArray.CreateBuilder<ReadPath>();
        var nonEmpty = false;
        foreach (var element in array.Elements)
        {
            switch (element)
            {
                case null:
                    break;
                case SpreadElement spread:
                    var spreaded = Visit(spread.Argument);
                    item = ExprType.Join(item, Spread(spread, spreaded.Type));
                    origins.AddRange(spreaded.ItemOrigins);
                    break;
                default:
                    var one = Visit((Expression)element);
                    item = ExprType.Join(item, one.Type);
                    origins.AddRange(one.Origins);
                    nonEmpty = true;
                    break;
            }
        }

        return new Checked(ExprType.List(item, nonEmpty), []) { MappedItems = origins.ToImmutable() };
    }

    private ExprType Spread(SpreadElement spread, ExprType type)
    {
        if (type.IsNullable && type.Kind is ExprKind.List or ExprKind.Null)
        {
            MayBeNull(spread.Argument, "spread", $"...({Shown(spread.Argument)} ?? [])");
        }
        else if (type.Kind is not (ExprKind.List or ExprKind.Any))
        {
            Error(ProblemCodes.WrongType, spread.Argument, $"Only a list can be spread into a list, but this is {type}.", null);
        }

        return type.Item ?? ExprType.Any;
    }

    private ExprType ObjectLiteral(ObjectExpression literal)
    {
        var fields = new Dictionary<string, ExprType>();
        ExprType? others = null;
        foreach (var node in literal.Properties)
        {
            switch (node)
            {
                case SpreadElement spread:
                    var type = Visit(spread.Argument).Type;
                    if (type.Kind == ExprKind.Object)
                    {
                        foreach (var (field, fieldType) in type.Shape!.Fields)
                        {
                            fields[field] = type.IsNullable ? fieldType.OrNull() : fieldType;
                            Note(type, field);
                        }

                        others ??= type.Shape.Others;
                    }
                    else if (type.Kind == ExprKind.Any)
                    {
                        others = ExprType.Any;
                    }
                    else
                    {
                        Error(ProblemCodes.WrongType, spread.Argument, $"Only an object can be spread into an object, but this is {type}.", null);
                    }

                    break;
                case Property { Value: Expression value } property:
                    var name = property.Key switch { Identifier i => i.Name, StringLiteral s => s.Value, _ => null };
                    var given = Visit(value).Type;
                    if (name is not null)
                    {
                        fields[name] = given;
                    }

                    break;
                default:
                    break;
            }
        }

        return ExprType.Object(null, fields, others);
    }

    private ExprType Narrowed(Expression e, ExprType type) =>
        type.IsNullable && Narrowing.PathOf(e) is { } path && nonNull.Contains(path) ? type.NotNull() : type;

    private void Note(ExprType type, string field)
    {
        foreach (var origin in type.Shape!.Origins)
        {
            FieldReads.Add(new FieldRead(origin, field));
        }
    }

    private string Shown(Node node)
    {
        var text = source[node.Start..node.End];
        return text.Length <= 40 ? text : text[..37] + "…";
    }

    private void MayBeNull(Node at, string use, string hint) =>
        Error(ProblemCodes.MayBeNull, at, $"{Shown(at)} may be null and cannot be {use}.", $"Write {hint}.");

    private void Error(string code, Node at, string message, string? hint) => Report(code, ExpressionSeverity.Error, at, message, hint);

    private void Report(string code, ExpressionSeverity severity, Node at, string message, string? hint) =>
        Problems.Add(new ExpressionProblem(code, severity, at.Start, at.End - at.Start, message, hint));
}
