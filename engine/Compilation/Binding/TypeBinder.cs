using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>A written type, bound: what the catalogue and what expressions call it.</summary>
/// <param name="Field">For literals and for the wire.</param>
/// <param name="Expr">For expressions.</param>
/// <param name="Connection">The connection of an id or of a field's values; null for plain types.</param>
/// <param name="Word">Named types keep their word: <c>timeZone</c> and <c>cron</c> are texts with rules of their own.</param>
internal sealed record BoundType(FieldType Field, ExprType Expr, string? Connection, string? Word = null)
{
    public static readonly BoundType Unknown = new(FieldType.Of(FieldKind.Any), ExprType.Any, null);
}

/// <summary>Binds the types of parameters, input fields and table columns.</summary>
internal sealed class TypeBinder(FlowCatalog catalog, DiagnosticBag problems)
{
    public BoundType Bind(TypeDefinition type) => type switch
    {
        NamedType named => Named(named),
        ChoiceType choice => Choice([.. choice.Choices.Select(c => c.Value)]),
        ListType list => List(Bind(list.Element)),
        ObjectType structure => Object(structure),
        IdType id => Reference(id.Entity),
        EntityType entity => Reference(entity.Entity),
        EntityFieldType field => FieldOf(field),
        _ => BoundType.Unknown,
    };

    private static BoundType Named(NamedType named)
    {
        FieldKind? kind = named.Name switch
        {
            "text" or "timeZone" or "cron" => FieldKind.Text,
            "integer" => FieldKind.Integer,
            "number" => FieldKind.Number,
            "decimal" => FieldKind.Decimal,
            "boolean" => FieldKind.Boolean,
            "date" => FieldKind.Date,
            "instant" => FieldKind.Instant,
            "duration" => FieldKind.Duration,
            _ => null,
        };
        if (kind is not { } known) return BoundType.Unknown;
        var type = FieldType.Of(known);
        // Expressions have no literal for a duration: the library takes text where it takes a duration.
        return new BoundType(type, FieldTypes.ToExpr(type, ""), null, named.Name);
    }

    private static BoundType Choice(IReadOnlyList<string> choices)
    {
        var type = new FieldType { Kind = FieldKind.Choice, Choices = choices };
        return new BoundType(type, FieldTypes.ToExpr(type, ""), null);
    }

    private static BoundType List(BoundType item) => new(FieldType.ListOf(item.Field), ExprType.List(item.Expr), item.Connection);

    private BoundType Object(ObjectType structure)
    {
        var fields = structure.Fields.Select(f => (Field: f, Type: Bind(f.Type))).ToArray();
        var type = new FieldType
        {
            Kind = FieldKind.Object,
            Fields =
            [
                .. fields.Select(f => new FieldDescriptor
                {
                    Name = f.Field.Name.Value,
                    Type = f.Type.Field,
                    Nullable = f.Field.IsOptional,
                    RequiredOnCreate = f.Field is { IsOptional: false, Default: null },
                }),
            ],
        };
        var members = fields.ToDictionary(f => f.Field.Name.Value, f => f.Field.IsOptional ? f.Type.Expr.OrNull() : f.Type.Expr, StringComparer.Ordinal);
        return new BoundType(type, ExprType.Object(null, members), fields.Select(f => f.Type.Connection).FirstOrDefault(c => c is not null));
    }

    private BoundType Reference(EntityReference reference)
    {
        if (catalog.Entity(reference, problems) is not { } entity) return BoundType.Unknown;
        var type = FieldType.IdOf(entity.Name);
        return new BoundType(type, ExprType.Id(entity.FullName), entity.Connection.Name);
    }

    private BoundType FieldOf(EntityFieldType field)
    {
        if (catalog.Entity(field.Entity, problems) is not { } entity) return BoundType.Unknown;
        if (entity.Resolve(field.Field.Value) is not { } found)
        {
            problems.Add(BindingDiagnostics.UnknownTypeField(field.Field.Span, entity.FullName, field.Field.Value, entity.Near(field.Field.Value)));
            return BoundType.Unknown;
        }

        return new BoundType(found.Type, FieldTypes.ToExpr(found.Type, entity.Connection.Name), entity.Connection.Name);
    }
}
