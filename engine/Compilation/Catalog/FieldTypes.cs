using System.Runtime.CompilerServices;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>From the catalogue's types to those of expressions.</summary>
internal static class FieldTypes
{
    private static readonly ConditionalWeakTable<FieldDescriptor, Tuple<ExprType, ExprType>> Scalars = [];

    /// <summary>The type of a value of this type; objects come from <paramref name="shape"/>, so that what is read of them can be followed.</summary>
    public static ExprType ToExpr(FieldType type, string connection, Func<FieldType, ExprType> shape) => type.Kind switch
    {
        FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone => ExprType.Text,
        FieldKind.Integer => ExprType.Integer,
        FieldKind.Number => ExprType.Number,
        FieldKind.Decimal => ExprType.Decimal,
        FieldKind.Boolean => ExprType.Boolean,
        FieldKind.Date => ExprType.Date,
        FieldKind.Instant => ExprType.Instant,
        FieldKind.Duration => ExprType.Duration,
        FieldKind.Choice => type is { Choices: { Count: > 0 } choices, OpenChoices: false } ? ExprType.Choice(choices) : ExprType.Text,
        FieldKind.Id => type.Entity is { } entity ? ExprType.Id($"{connection}/{entity}") : ExprType.AnyId,
        FieldKind.List => ExprType.List(type.Item is { } item ? ToExpr(item, connection, shape) : ExprType.Any),
        FieldKind.Object => shape(type),
        _ => ExprType.Any,
    };

    /// <summary>
    /// The type of a field that holds no object, kept beside its descriptor: a record has scores of them and each step makes a record type of its own.
    /// Null for objects and lists of them, whose reads are followed, and for ids, which name the connection.
    /// </summary>
    public static ExprType? Scalar(FieldDescriptor field, bool nullable) =>
        field.Type.Kind is FieldKind.Object or FieldKind.List or FieldKind.Id ? null : nullable ? Scalars.GetValue(field, Make).Item2 : Scalars.GetValue(field, Make).Item1;

    /// <summary>The type of a value of this type whose reads nobody follows.</summary>
    public static ExprType ToExpr(FieldType type, string connection) => ToExpr(type, connection, t => Plain(t, connection));

    /// <summary>The type a value must fit that is written: what a read record always has need not be given.</summary>
    public static ExprType Wanted(FieldType type, string connection) => ToExpr(type, connection, t => ExprType.Object(new ObjectShape(
        null,
        () => t.Fields.ToDictionary(f => f.Name, f => Wanted(f.Type, connection).OrNull()),
        t.OpenFields ? ExprType.Text.OrNull() : null)));

    /// <summary>What the type is called in messages.</summary>
    public static string Describe(FieldType type) => type.Kind switch
    {
        FieldKind.LongText => "text",
        FieldKind.Url or FieldKind.Email or FieldKind.Phone => $"text ({type.Kind.ToString().ToLowerInvariant()})",
        FieldKind.Integer => "integer",
        FieldKind.Choice when type.Choices is { Count: > 0 } choices => $"one of {List(choices)}",
        FieldKind.Choice => "text (a choice)",
        FieldKind.Id => type.Entity is null ? "id" : $"id of a record of {type.Entity}",
        FieldKind.List => type.Item is { } item ? $"list of {Describe(item)}" : "list",
        FieldKind.Any => "anything",
        _ => type.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>a, b and c</summary>
    public static string And(IReadOnlyCollection<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names.Last()}";

    public static string List(IReadOnlyCollection<string> names, int most = 8) =>
        names.Count <= most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(most))}, … ({names.Count} in all)";

    private static Tuple<ExprType, ExprType> Make(FieldDescriptor field)
    {
        var type = ToExpr(field.Type, "", _ => ExprType.Any);
        return Tuple.Create(type, type.OrNull());
    }

    private static ExprType Plain(FieldType type, string connection) => ExprType.Object(new ObjectShape(
        null,
        () => type.Fields.ToDictionary(f => f.Name, f => f.Nullable ? ToExpr(f.Type, connection).OrNull() : ToExpr(f.Type, connection)),
        type.OpenFields ? ExprType.Text.OrNull() : null));
}
