namespace WorkflowEngine.Expressions.Types;

internal static class TypeJoin
{
    /// <summary>More alternatives than this are just text: nobody reads a longer message.</summary>
    private const int MostChoiceValues = 64;

    private const int DeepestJoin = 8;

    public static ExprType Join(ExprType a, ExprType b) => Join(a, b, 0);

    private static ExprType Join(ExprType a, ExprType b, int depth)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        var markers = a.Markers | b.Markers;
        var nullable = a.IsNullable || b.IsNullable;
        var joined = Kinds(a, b, depth);
        if (joined.Kind == ExprKind.Any)
        {
            return ExprType.Any;
        }

        joined = nullable ? joined.OrNull() : joined.NotNull();
        return joined.WithMarkers(markers);
    }

    private static ExprType Kinds(ExprType a, ExprType b, int depth)
    {
        if (a.Kind is ExprKind.Nothing)
        {
            return b;
        }

        if (b.Kind is ExprKind.Nothing)
        {
            return a;
        }

        if (a.Kind == ExprKind.Any || b.Kind == ExprKind.Any || depth > DeepestJoin)
        {
            return ExprType.Any;
        }

        if (a.Kind is ExprKind.Null or ExprKind.Marker)
        {
            return b.Kind == ExprKind.Marker ? (a.Kind == ExprKind.Null ? a : b) : b;
        }

        if (b.Kind is ExprKind.Null or ExprKind.Marker)
        {
            return a;
        }

        if (a.IsTextLike && b.IsTextLike)
        {
            return TextLike(a, b);
        }

        if (a.IsNumeric && b.IsNumeric)
        {
            return a.Kind == ExprKind.Integer && b.Kind == ExprKind.Integer ? ExprType.Integer : ExprType.Number;
        }

        return (a.Kind, b.Kind) switch
        {
            (ExprKind.Decimal, ExprKind.Integer) or (ExprKind.Integer, ExprKind.Decimal) => ExprType.Decimal,
            (ExprKind.List, ExprKind.List) => ExprType.List(Join(a.Item!, b.Item!, depth + 1), a.IsNonEmpty && b.IsNonEmpty),
            (ExprKind.Object, ExprKind.Object) => Objects(a, b, depth),
            _ => a.Kind == b.Kind ? a : ExprType.Any,
        };
    }

    private static ExprType TextLike(ExprType a, ExprType b)
    {
        if (a.Kind == ExprKind.Choice && b.Kind == ExprKind.Choice)
        {
            var all = a.Values.Union(b.Values, StringComparer.Ordinal).ToArray();
            return all.Length <= MostChoiceValues ? ExprType.Choice(all) : ExprType.Text;
        }

        return a.Kind == ExprKind.Id && b.Kind == ExprKind.Id
            ? a.Entity == b.Entity ? a : ExprType.AnyId
            : ExprType.Text;
    }

    private static ExprType Objects(ExprType a, ExprType b, int depth)
    {
        if (ReferenceEquals(a.Shape, b.Shape))
        {
            return a;
        }

        // Lazily: entities may refer to each other.
        var (one, two) = (a.Shape!, b.Shape!);
        var others = (one.Others, two.Others) switch
        {
            (null, null) => null,
            ({ } left, { } right) => Join(left, right, depth + 1),
            var (left, right) => (left ?? right)!.OrNull(),
        };
        return ExprType.Object(ObjectShape.Join(one, two, () => Fields(one, two), others));
    }

    private static Dictionary<string, ExprType> Fields(ObjectShape one, ObjectShape two)
    {
        var fields = new Dictionary<string, ExprType>();
        foreach (var (field, type) in one.Fields)
        {
            fields[field] = two.Find(field) is { } other ? Join(type, other) : type.OrNull();
        }

        foreach (var (field, type) in two.Fields)
        {
            fields.TryAdd(field, one.Find(field) is { } other ? Join(type, other) : type.OrNull());
        }

        return fields;
    }

    public static bool Accepts(ExprType wanted, ExprType given)
    {
        if (wanted.Kind == ExprKind.Any || given.Kind is ExprKind.Any or ExprKind.Nothing)
        {
            return true;
        }

        if (given.IsNullable && !wanted.IsNullable)
        {
            return false;
        }

        if (given.Kind is ExprKind.Null or ExprKind.Marker)
        {
            return true;
        }

        return wanted.Kind switch
        {
            ExprKind.Text => given.IsTextLike,
            ExprKind.Id => given.Kind == ExprKind.Id ? wanted.Entity is null || given.Entity is null || wanted.Entity == given.Entity : given.IsTextLike,
            ExprKind.Choice => given.Kind == ExprKind.Choice ? given.Values.All(v => wanted.Values.Contains(v)) : given.IsTextLike,
            ExprKind.Number => given.IsNumeric,
            ExprKind.Decimal => given.Kind is ExprKind.Decimal or ExprKind.Integer,
            ExprKind.List => given.Kind == ExprKind.List && Accepts(wanted.Item!, given.Item!),
            ExprKind.Object => given.Kind == ExprKind.Object && Fits(wanted.Shape!, given.Shape!),
            _ => wanted.Kind == given.Kind,
        };
    }

    private static bool Fits(ObjectShape wanted, ObjectShape given)
    {
        if (ReferenceEquals(wanted, given) || (wanted.Name is not null && wanted.Name == given.Name))
        {
            return true;
        }

        foreach (var (field, type) in wanted.Fields)
        {
            if (given.Find(field) is { } found ? !Accepts(type, found) : !type.IsNullable && type.Kind != ExprKind.Any)
            {
                return false;
            }
        }

        return wanted.Others is not null || given.Fields.Keys.All(f => wanted.Fields.ContainsKey(f));
    }
}
