using Acornima.Ast;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Expressions.Syntax;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

internal sealed partial class Checker
{
    private Checked Member(MemberExpression member)
    {
        if (Constant(member) is { } constant)
        {
            return Checked.Of(constant.Result.Resolve(new Dictionary<string, ExprType>()));
        }

        var (target, endsEarly) = Target(member);
        var found = Select(member, target);
        return found with { Type = Narrowed(member, found.Type), MayEndEarly = endsEarly };
    }

    /// <summary>The value whose member is read: its type without null, since that has been answered or reported here.</summary>
    private (Checked Target, bool EndsEarly) Target(MemberExpression member)
    {
        var target = Inside(member.Object);
        var endsEarly = target.MayEndEarly;
        if (target.Type.IsNullable)
        {
            if (member.Optional)
            {
                endsEarly = true;
            }
            else
            {
                var name = member.Property is Identifier p && !member.Computed ? "." + p.Name : $"[{Shown(member.Property)}]";
                Error(ProblemCodes.MayBeNull, member.Property, $"{Shown(member.Object)} may be null, so {name} cannot be read.", $"Write {Shown(member.Object)}?.{name.TrimStart('.')}, or test {Shown(member.Object)} !== null before.");
            }
        }

        return (target with { Type = target.Type.NotNull(), MayEndEarly = false }, endsEarly);
    }

    private Checked Select(MemberExpression member, Checked target)
    {
        var type = target.Type;
        if (member.Computed && member.Property is not StringLiteral)
        {
            return Position(member, target);
        }

        var name = member.Property switch { Identifier i => i.Name, StringLiteral s => s.Value, _ => "" };
        if (ClosedSubset.IsForbiddenMember(name))
        {
            return Checked.Of(ExprType.Any);
        }

        switch (type.Kind)
        {
            case ExprKind.Object:
                return Field(member, target, name);
            case ExprKind.List or ExprKind.Text or ExprKind.Choice or ExprKind.Id when name == "length":
                return new Checked(ExprType.Integer, target.Origins);
            case ExprKind.Any:
                return new Checked(ExprType.Any, [.. target.Origins.Select(o => o.With(name))]);
            case ExprKind.Nothing:
                return Checked.Of(ExprType.Any);
            default:
                Error(ProblemCodes.UnknownProperty, member.Property, $"{type} has no member '{name}'.", MemberHint(type, name));
                return Checked.Of(ExprType.Any);
        }
    }

    private Checked Field(MemberExpression member, Checked target, string name)
    {
        var shape = target.Type.Shape!;
        Note(target.Type, name);
        if (shape.Find(name) is { } field)
        {
            return new Checked(field, [.. target.Origins.Select(o => o.With(name))]);
        }

        var hint = Nearest.Hint(name, shape.Fields.Keys)
            ?? (shape.Fields.Count == 0 ? null : $"It has: {string.Join(", ", shape.Fields.Keys.Order(StringComparer.Ordinal).Take(10))}{(shape.Fields.Count > 10 ? ", …" : "")}.");
        Error(ProblemCodes.UnknownProperty, member.Property, $"{target.Type.NotNull()} has no field '{name}'.", hint);
        return Checked.Of(ExprType.Any);
    }

    private Checked Position(MemberExpression member, Checked target)
    {
        var index = Visit(member.Property).Type;
        switch (target.Type.Kind)
        {
            case ExprKind.List:
                Require(member.Property, index, ExprType.Integer, "A position");
                var first = target.Type.IsNonEmpty && member.Property is NumericLiteral { Value: 0 };
                return new Checked(first ? target.Type.Item! : target.Type.Item!.OrNull(), target.ItemOrigins);
            case ExprKind.Text or ExprKind.Choice or ExprKind.Id:
                Require(member.Property, index, ExprType.Integer, "A position");
                return Checked.Of(ExprType.Text.OrNull());
            case ExprKind.Object:
                Error(ProblemCodes.NotInLanguage, member.Property, "A field is read by a fixed name.", "Instead: x.name or x[\"a name\"]; for a choice by value use a table.");
                return Checked.Of(ExprType.Any);
            case ExprKind.Any or ExprKind.Nothing:
                return Checked.Of(ExprType.Any);
            default:
                Error(ProblemCodes.UnknownProperty, member.Property, $"{target.Type} has no positions.", null);
                return Checked.Of(ExprType.Any);
        }
    }

    private LibraryFunction? Constant(MemberExpression member)
    {
        if (LibraryName(member) is not { } name)
        {
            return null;
        }

        if (ExpressionLibrary.Functions.TryGetValue(name, out var function) && function.Kind == LibraryKind.Constant)
        {
            return function;
        }

        return null;
    }

    /// <summary><c>money.add</c>, when the first word is the library's and not a name of the scope.</summary>
    private string? LibraryName(MemberExpression member) =>
        member is { Computed: false, Object: Identifier { Name: var first }, Property: Identifier { Name: var second } }
        && ExpressionLibrary.Namespaces.Contains(first) && !parameters.ContainsKey(first) && !scope.TryGet(first, out _)
            ? $"{first}.{second}"
            : null;

    private static string? MemberHint(ExprType type, string name)
    {
        if (type.Kind == ExprKind.List)
        {
            return ExpressionLibrary.ListMethods.ContainsKey(name) ? $"It is a method: .{name}(…)."
                : type.Item?.Member(name) is not null ? $"It is a list: items.map(i => i.{name}) or list.first(items)?.{name}."
                : Nearest.Hint(name, ExpressionLibrary.ListMethods.Keys.Append("length"));
        }

        if (type.IsTextLike)
        {
            return ExpressionLibrary.TextMethods.ContainsKey(name) ? $"It is a method: .{name}(…)." : Nearest.Hint(name, ExpressionLibrary.TextMethods.Keys.Append("length"));
        }

        return OpaqueLibrary(type.Kind) is { } library ? $"Its parts are read with {library}.*." : null;
    }

    private static string? OpaqueLibrary(ExprKind kind) => kind switch
    {
        ExprKind.Decimal => "money",
        ExprKind.Date or ExprKind.Instant or ExprKind.Duration => "date",
        _ => null,
    };
}
