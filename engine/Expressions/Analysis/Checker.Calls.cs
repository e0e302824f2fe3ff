using System.Collections.Immutable;
using Acornima.Ast;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

internal sealed partial class Checker
{
    private Checked Call(CallExpression call)
    {
        switch (call.Callee)
        {
            case Identifier { Name: "table" } when !parameters.ContainsKey("table"):
                return Table(call, "table");
            case MemberExpression member when LibraryName(member) is { } name:
                return name == "table.find" ? Table(call, name) : LibraryCall(call, member, name);
            case MemberExpression { Computed: false } member:
                return Method(call, member);
            default:
                VisitAll(call);
                return Checked.Of(ExprType.Any);
        }
    }

    private Checked LibraryCall(CallExpression call, MemberExpression callee, string name)
    {
        if (!ExpressionLibrary.Functions.TryGetValue(name, out var function))
        {
            var first = name.Split('.')[0];
            var second = name[(first.Length + 1)..];
            var siblings = ExpressionLibrary.Functions.Keys.Where(k => k.StartsWith(first + ".", StringComparison.Ordinal)).ToArray();
            var hint = Nearest.Hint(second, siblings.Select(s => s[(first.Length + 1)..]), n => $"{first}.{n}") ?? $"It has: {string.Join(", ", siblings)}.";
            Error(ProblemCodes.UnknownFunction, callee.Property, $"The library has no '{name}'.", hint);
            VisitAll(call);
            return Checked.Of(ExprType.Any);
        }

        if (function.Kind == LibraryKind.Constant)
        {
            Error(ProblemCodes.UnknownFunction, call, $"'{name}' is a value, not a function.", $"Write {name}.");
            return Checked.Of(function.Result.Resolve(new Dictionary<string, ExprType>()));
        }

        return Apply(call, function, [], null);
    }

    private Checked Method(CallExpression call, MemberExpression member)
    {
        var (target, endsEarly) = Target(member);
        foreach (var origin in target.Origins)
        {
            Reads.Add(origin);
        }

        var name = ((Identifier)member.Property).Name;
        var type = target.Type;
        var (methods, what) = type.Kind switch
        {
            ExprKind.List => (ExpressionLibrary.ListMethods, "A list"),
            ExprKind.Text or ExprKind.Choice or ExprKind.Id => (ExpressionLibrary.TextMethods, "A text"),
            _ => (null, ""),
        };
        if (methods is null)
        {
            UnknownMethod(member, type, name);
            VisitAll(call);
            return Checked.Of(ExprType.Any) with { MayEndEarly = endsEarly };
        }

        if (!methods.TryGetValue(name, out var method))
        {
            var hint = ExpressionLibrary.Substitutes.TryGetValue(name, out var instead) ? $"Instead: {instead}." : Nearest.Hint(name, methods.Keys);
            Error(ProblemCodes.UnknownFunction, member.Property, $"{what} has no method '{name}' here.", hint ?? $"It has: {string.Join(", ", methods.Keys)}.");
            VisitAll(call);
            return Checked.Of(ExprType.Any) with { MayEndEarly = endsEarly };
        }

        var bound = type.Kind == ExprKind.List ? new Dictionary<string, ExprType> { ["T"] = type.Item! } : [];
        return Apply(call, method, bound, target) with { MayEndEarly = endsEarly };
    }

    private void UnknownMethod(MemberExpression member, ExprType type, string name)
    {
        if (type.Kind is ExprKind.Any or ExprKind.Nothing
            && (ExpressionLibrary.ListMethods.ContainsKey(name) || ExpressionLibrary.TextMethods.ContainsKey(name)))
        {
            return;
        }

        var hint = ExpressionLibrary.Substitutes.TryGetValue(name, out var instead) ? $"Instead: {instead}." : OpaqueLibrary(type.Kind) is { } library ? $"Its functions are in {library}.*." : null;
        Error(ProblemCodes.UnknownFunction, member.Property, type.Kind == ExprKind.Any ? $"There is no method '{name}'." : $"{type} has no method '{name}'.", hint);
    }

    private Checked Apply(CallExpression call, LibraryFunction function, Dictionary<string, ExprType> bound, Checked? receiver)
    {
        var arguments = call.Arguments;
        var rest = function.Parameters.Any(p => p.IsRest);
        if (arguments.Count < function.Required || (!rest && arguments.Count > function.Parameters.Count))
        {
            Error(ProblemCodes.WrongArguments, call, $"{function.Name} takes {Count(function)}, but {arguments.Count} {(arguments.Count == 1 ? "is" : "are")} given.", $"As in: {function.Example}");
            VisitAll(call);
            return Checked.Of(function.Result.Resolve(bound));
        }

        var values = new Checked[arguments.Count];
        var anyNull = false;
        foreach (var functions in (bool[])[false, true])
        {
            for (var i = 0; i < arguments.Count; i++)
            {
                var parameter = function.Parameters[Math.Min(i, function.Parameters.Count - 1)];
                if (parameter.Parsed is SignatureType.Function wanted)
                {
                    if (functions)
                    {
                        var items = receiver ?? (values.Length > 0 ? values[0] : Checked.Of(ExprType.Any));
                        values[i] = Callback(arguments[i], function, wanted, bound, items);
                    }
                }
                else if (!functions)
                {
                    values[i] = Argument(arguments[i], function, parameter, bound, out var isNull);
                    anyNull |= isNull;
                }
            }
        }

        return Result(function, bound, receiver, values, anyNull);
    }

    private Checked Argument(Expression argument, LibraryFunction function, LibraryParameter parameter, Dictionary<string, ExprType> bound, out bool isNull)
    {
        isNull = false;
        if (argument is ArrowFunctionExpression)
        {
            Error(ProblemCodes.WrongType, argument, $"{function.Name} takes {parameter.Parsed} as '{parameter.Name}', not a function.", $"As in: {function.Example}");
            return Checked.Of(ExprType.Any);
        }

        var value = Visit(argument);
        var type = value.Type;
        var before = Variable(parameter.Parsed) is { } variable ? bound.GetValueOrDefault(variable) : null;
        if (!parameter.Parsed.Match(type.WithoutMarkers(), bound) || !WithinLimits(function, parameter, type, before))
        {
            WrongArgument(argument, function, parameter, type, before);
        }
        else if (type.IsNullable && !parameter.Parsed.AcceptsNull)
        {
            MayBeNull(argument, $"given to {function.Name} as '{parameter.Name}'", $"({Shown(argument)} ?? …), or test {Shown(argument)} !== null before");
        }

        isNull = type.IsNullable && parameter.Parsed.AcceptsNull;
        return value;
    }

    private static bool WithinLimits(LibraryFunction function, LibraryParameter parameter, ExprType type, ExprType? before)
    {
        if (Variable(parameter.Parsed) is not { } variable || !function.Limits.TryGetValue(variable, out var limit))
        {
            return true;
        }

        return limit.Match(type, []) && (before is null || before.Kind is ExprKind.Any or ExprKind.Null || type.Kind is ExprKind.Any or ExprKind.Null || before.Kind == type.Kind);
    }

    private void WrongArgument(Expression argument, LibraryFunction function, LibraryParameter parameter, ExprType type, ExprType? before)
    {
        var wanted = before is not null && Variable(parameter.Parsed) is not null ? before.NotNull().ToString() : Wanted(function, parameter);
        var hint = type.Kind switch
        {
            ExprKind.Date when before?.Kind == ExprKind.Instant => "The day of an instant: date.of(instant, zone).",
            ExprKind.Instant when wanted.Contains("date", StringComparison.Ordinal) => $"The day of an instant: date.of({Shown(argument)}, zone).",
            ExprKind.Number when function.Name.StartsWith("money.", StringComparison.Ordinal) => $"Exact numbers are whole, or text: \"0.10\"; or money.of({Shown(argument)}).",
            ExprKind.Decimal when function.Name == "list.sum" => "money.sum adds decimals exactly.",
            ExprKind.List when type.Item?.Kind == ExprKind.Decimal && function.Name == "list.sum" => "money.sum adds decimals exactly.",
            _ => $"As in: {function.Example}",
        };
        Error(ProblemCodes.WrongType, argument, $"{function.Name} takes {wanted} as '{parameter.Name}', but this is {type}.", hint);
    }

    private static string Wanted(LibraryFunction function, LibraryParameter parameter) =>
        Variable(parameter.Parsed) is { } variable && function.Limits.TryGetValue(variable, out var limit) ? limit.ToString() : parameter.Parsed.ToString();

    private static string? Variable(SignatureType type) => type switch
    {
        SignatureType.Variable v => v.Name,
        SignatureType.Nullable { Of: SignatureType.Variable v } => v.Name,
        _ => null,
    };

    private Checked Callback(Expression argument, LibraryFunction function, SignatureType.Function wanted, Dictionary<string, ExprType> bound, Checked list)
    {
        if (argument is ArrowFunctionExpression { Body: not Expression })
        {
            // Its statements have been refused.
            return Checked.Of(ExprType.Any);
        }

        if (argument is not ArrowFunctionExpression { Body: Expression body } arrow)
        {
            Visit(argument);
            Error(ProblemCodes.WrongType, argument, $"{function.Name} takes a function here.", $"As in: {function.Example}");
            return Checked.Of(ExprType.Any);
        }

        if (arrow.Params.Count > wanted.Parameters.Count)
        {
            Error(ProblemCodes.WrongArguments, arrow.Params[wanted.Parameters.Count], $"The function given to {function.Name} takes at most {wanted.Parameters.Count} parameter{(wanted.Parameters.Count == 1 ? "" : "s")}.", $"As in: {function.Example}");
        }

        var hidden = new List<(string Name, Checked? Before)>();
        var before = nonNull;
        for (var i = 0; i < arrow.Params.Count; i++)
        {
            if (arrow.Params[i] is not Identifier { Name: var name })
            {
                continue;
            }

            hidden.Add((name, parameters.TryGetValue(name, out var outer) ? outer : null));
            var type = i < wanted.Parameters.Count ? wanted.Parameters[i].Resolve(bound) : ExprType.Any;
            parameters[name] = new Checked(type, i == 0 ? list.ItemOrigins : []);
            nonNull = nonNull.Except(nonNull.Where(p => p == name || p.StartsWith(name + ".", StringComparison.Ordinal) || p.StartsWith(name + "[", StringComparison.Ordinal)));
        }

        var result = CallbackResult(body, function, wanted.Result, bound);
        nonNull = before;
        foreach (var (name, outer) in Enumerable.Reverse(hidden))
        {
            if (outer is { } value)
            {
                parameters[name] = value;
            }
            else
            {
                parameters.Remove(name);
            }
        }

        if (function.Narrows && arrow.Params is [Identifier { Name: var item }, ..] && bound.TryGetValue("T", out var found))
        {
            bound["T"] = Refine(found, item, Narrowing.WhenTrue(body));
        }

        return result;
    }

    private Checked CallbackResult(Expression body, LibraryFunction function, SignatureType wanted, Dictionary<string, ExprType> bound)
    {
        if (wanted is SignatureType.Plain { Type.Kind: ExprKind.Boolean })
        {
            return Checked.Of(Condition(body));
        }

        var value = Visit(body);
        if (!wanted.Match(value.Type, bound))
        {
            Error(ProblemCodes.WrongType, body, $"The function given to {function.Name} gives {wanted}, but this is {value.Type}.", $"As in: {function.Example}");
        }
        else if (value.Type.IsNullable && wanted is SignatureType.ListOf)
        {
            MayBeNull(body, $"given to {function.Name}", $"({Shown(body)} ?? [])");
        }
        else if (wanted is SignatureType.Plain { Type.Kind: ExprKind.Any } or SignatureType.Variable { Name: "K" } && value.Type.Kind is ExprKind.Object or ExprKind.List)
        {
            Error(ProblemCodes.WrongType, body, $"{function.Name} needs a value to compare, but this is {value.Type}.", "Name one of its fields.");
        }

        return value;
    }

    /// <summary>Items that passed <c>x => x.value !== null</c> have a value.</summary>
    private static ExprType Refine(ExprType item, string name, ImmutableHashSet<string> facts)
    {
        if (facts.Contains(name))
        {
            item = item.NotNull();
        }

        foreach (var fact in facts)
        {
            if (item.Kind == ExprKind.Object && fact.StartsWith(name + ".", StringComparison.Ordinal) && fact[(name.Length + 1)..] is var field
                && item.Shape!.Find(field) is { IsNullable: true } type)
            {
                var narrowed = ExprType.Object(item.Shape.With(field, type.NotNull()));
                item = item.IsNullable ? narrowed.OrNull() : narrowed;
            }
        }

        return item;
    }

    private static Checked Result(LibraryFunction function, Dictionary<string, ExprType> bound, Checked? receiver, Checked[] values, bool anyNull)
    {
        var type = anyNull && function.ResultWhenNullable is { } other ? other.Resolve(bound) : function.Result.Resolve(bound);
        if (anyNull && function.PropagatesNull)
        {
            type = type.OrNull();
        }

        var list = receiver ?? (values.Length > 0 ? values[0] : Checked.Of(ExprType.Any));
        switch (function.Name)
        {
            case "filter" or "slice" or "concat" or "list.distinct" or "list.compact" or "list.sortBy":
                if (function.Name is "list.sortBy" or "list.distinct" && list.Type.IsNonEmpty && !list.Type.IsNullable)
                {
                    type = type.AsNonEmpty();
                }

                return new Checked(type, list.Origins) { MappedItems = list.MappedItems };
            case "find" or "list.first" or "list.last" or "list.minBy" or "list.maxBy":
                return new Checked(type, list.ItemOrigins);
            case "at" when list.Type.Kind == ExprKind.List:
                return new Checked(type, list.ItemOrigins);
            case "map" or "flatMap":
                if (function.Name == "map" && list.Type.IsNonEmpty)
                {
                    type = type.AsNonEmpty();
                }

                return new Checked(type, [])
                {
                    MappedItems = function.Name == "map" ? values[0].Origins : values[0].ItemOrigins,
                };
            default:
                return Checked.Of(type);
        }
    }

    private void VisitAll(CallExpression call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument is ArrowFunctionExpression { Body: Expression body } arrow)
            {
                var names = arrow.Params.OfType<Identifier>().Select(p => p.Name).Where(n => !parameters.ContainsKey(n)).ToArray();
                foreach (var name in names)
                {
                    parameters[name] = Checked.Of(ExprType.Any);
                }

                Visit(body);
                foreach (var name in names)
                {
                    parameters.Remove(name);
                }
            }
            else
            {
                Visit(argument);
            }
        }
    }

    private static string Count(LibraryFunction function)
    {
        var most = function.Parameters.Count;
        var least = function.Required;
        return most == 0 ? "no argument"
            : least == most ? $"{most} argument{(most == 1 ? "" : "s")}"
            : $"{least} to {most} arguments";
    }
}
