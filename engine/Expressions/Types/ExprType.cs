using System.Collections.Immutable;

namespace WorkflowEngine.Expressions.Types;

/// <summary>What is known about a value before the expression runs. Immutable.</summary>
public sealed class ExprType
{
    private ExprType(ExprKind kind) => Kind = kind;

    public static ExprType Any { get; } = new(ExprKind.Any);
    public static ExprType Nothing { get; } = new(ExprKind.Nothing);
    public static ExprType Null { get; } = new(ExprKind.Null) { IsNullable = true };
    public static ExprType Text { get; } = new(ExprKind.Text);
    public static ExprType Integer { get; } = new(ExprKind.Integer);
    public static ExprType Number { get; } = new(ExprKind.Number);
    public static ExprType Boolean { get; } = new(ExprKind.Boolean);
    public static ExprType Decimal { get; } = new(ExprKind.Decimal);
    public static ExprType Date { get; } = new(ExprKind.Date);
    public static ExprType Instant { get; } = new(ExprKind.Instant);
    public static ExprType Duration { get; } = new(ExprKind.Duration);
    public static ExprType Keep { get; } = new(ExprKind.Marker) { Markers = FieldMarkers.Keep };
    public static ExprType Clear { get; } = new(ExprKind.Marker) { Markers = FieldMarkers.Clear };

    /// <summary>An id of some record whose entity is not known.</summary>
    public static ExprType AnyId { get; } = new(ExprKind.Id);

    public ExprKind Kind { get; }

    public bool IsNullable { get; private init; }

    public FieldMarkers Markers { get; private init; }

    /// <summary>Of an id: <c>connection/entity</c>, or null when any.</summary>
    public string? Entity { get; private init; }

    /// <summary>Of a choice: its values.</summary>
    public ImmutableArray<string> Values { get; private init; } = [];

    /// <summary>Of a list: the type of its items.</summary>
    public ExprType? Item { get; private init; }

    /// <summary>Of a list: it has at least one item, so <c>[0]</c> is there.</summary>
    public bool IsNonEmpty { get; private init; }

    /// <summary>Of an object: its fields.</summary>
    public ObjectShape? Shape { get; private init; }

    /// <summary>True for what operators must not touch: decimal, date, instant, duration.</summary>
    public bool IsOpaque => Kind is ExprKind.Decimal or ExprKind.Date or ExprKind.Instant or ExprKind.Duration;

    public bool IsTextLike => Kind is ExprKind.Text or ExprKind.Choice or ExprKind.Id;

    public bool IsNumeric => Kind is ExprKind.Integer or ExprKind.Number;

    public static ExprType Id(string entity) => new(ExprKind.Id) { Entity = entity };

    public static ExprType Choice(IEnumerable<string> values) => new(ExprKind.Choice) { Values = [.. values.Distinct(StringComparer.Ordinal)] };

    public static ExprType Choice(params string[] values) => Choice((IEnumerable<string>)values);

    public static ExprType List(ExprType item, bool nonEmpty = false) => new(ExprKind.List) { Item = item, IsNonEmpty = nonEmpty };

    public static ExprType Object(ObjectShape shape) => new(ExprKind.Object) { Shape = shape };

    public static ExprType Object(string? name, IReadOnlyDictionary<string, ExprType> fields, ExprType? others = null) =>
        Object(new ObjectShape(name, fields, others));

    public static ExprType Object(params (string Name, ExprType Type)[] fields) =>
        Object(null, fields.ToDictionary(f => f.Name, f => f.Type));

    /// <summary>An object whose members are unknown by name but all of one type, as custom fields.</summary>
    public static ExprType Open(ExprType others, string? name = null) => Object(name, ImmutableDictionary<string, ExprType>.Empty, others);

    public ExprType OrNull() => IsNullable || Kind == ExprKind.Any ? this : Copy(isNullable: true, Markers);

    public ExprType NotNull() => Kind == ExprKind.Null ? Nothing : IsNullable ? Copy(isNullable: false, Markers) : this;

    public ExprType WithoutMarkers() => Markers == FieldMarkers.None ? this : Kind == ExprKind.Marker ? Nothing : Copy(IsNullable, FieldMarkers.None);

    /// <summary>The type of a value that is one or the other.</summary>
    public static ExprType Join(ExprType a, ExprType b) => TypeJoin.Join(a, b);

    /// <summary>
    /// Whether a value of the other type may stand where this type is wanted. Text may stand for a choice or an id (only its value can tell);
    /// null only where null is allowed; markers are not looked at.
    /// </summary>
    public bool Accepts(ExprType other) => TypeJoin.Accepts(this, other);

    public ExprType? Member(string name) => Shape?.Find(name);

    internal ExprType WithMarkers(FieldMarkers markers) => markers == Markers ? this : Copy(IsNullable, markers);

    internal ExprType AsNonEmpty() => Kind != ExprKind.List || IsNonEmpty ? this : new(Kind)
    {
        Item = Item,
        IsNonEmpty = true,
        IsNullable = IsNullable,
        Markers = Markers,
    };

    private ExprType Copy(bool isNullable, FieldMarkers markers) => new(Kind)
    {
        IsNullable = isNullable,
        Markers = markers,
        Entity = Entity,
        Values = Values,
        Item = Item,
        IsNonEmpty = IsNonEmpty,
        Shape = Shape,
    };

    public override string ToString()
    {
        var name = Kind switch
        {
            ExprKind.Any => "anything",
            ExprKind.Nothing => "nothing",
            ExprKind.Null => "null",
            ExprKind.Id => Entity is null ? "id" : $"Id<{Entity}>",
            ExprKind.Choice => ChoiceName(),
            ExprKind.List => $"list of {Item}",
            ExprKind.Object => ObjectName(),
            ExprKind.Marker => "",
            _ => Kind.ToString().ToLowerInvariant(),
        };
        if (IsNullable && Kind is not (ExprKind.Null or ExprKind.Any))
        {
            name += " or null";
        }

        if (Markers.HasFlag(FieldMarkers.Keep))
        {
            name += name.Length > 0 ? " or keep" : "keep";
        }

        if (Markers.HasFlag(FieldMarkers.Clear))
        {
            name += name.Length > 0 ? " or clear" : "clear";
        }

        return name;
    }

    private string ChoiceName()
    {
        var shown = string.Join(" | ", Values.Take(6).Select(v => $"\"{v}\""));
        return Values.Length > 6 ? $"{shown} | … ({Values.Length} values)" : shown;
    }

    private string ObjectName()
    {
        if (Shape!.Name is { } given)
        {
            return given;
        }

        var names = Shape.Fields.Keys.Take(6).ToArray();
        return names.Length == 0 ? "object" : $"{{ {string.Join(", ", names)}{(Shape.Fields.Count > 6 ? ", …" : "")} }}";
    }
}
