using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>Adds to the catalogue what <c>requires</c> says the org must have: fields of known entities, and whole entities of its own.</summary>
internal static class RequiresMerge
{
    public static void Apply(FlowCatalog catalog, IEnumerable<RequiredConnection> requires, DiagnosticBag problems)
    {
        var all = requires.ToArray();
        // Entities first: references may point at any of them.
        foreach (var required in all)
        {
            if (catalog.Connection(required.Connection, problems) is not { } connection) continue;
            foreach (var entity in required.Entities.Where(e => connection.Entity(e.Entity.Value) is null))
            {
                if (connection.Connector.Extensible)
                {
                    connection.Put(NewEntity.Of(connection.Connector, entity.Entity.Value));
                }
                else
                {
                    problems.Add(BindingDiagnostics.UnknownEntity(
                        entity.Entity.Span, connection.Name, entity.Entity.Value, [.. connection.EntityNames], false));
                }
            }
        }

        foreach (var required in all)
        {
            if (catalog.Connection(required.Connection, problems) is not { } connection) continue;
            foreach (var entity in required.Entities)
            {
                if (connection.Entity(entity.Entity.Value) is { } model) Fields(connection, model.Descriptor, entity, problems);
            }
        }
    }

    private static void Fields(ConnectionModel connection, EntityDescriptor entity, RequiredEntity required, DiagnosticBag problems)
    {
        var fields = new List<FieldDescriptor>(entity.Fields);
        foreach (var field in required.Fields)
        {
            if (OrgField.From(field, connection, entity, problems) is not { } wanted) continue;
            var index = fields.FindIndex(f => f.Name == field.Name.Value);
            if (index >= 0)
            {
                if (fields[index].Type.Kind != wanted.Type.Kind && !Interchangeable(fields[index].Type.Kind, wanted.Type.Kind))
                {
                    problems.Add(RequiresDiagnostics.OtherType(
                        field.Type.Span, $"{entity.Name}.{field.Name.Value}", OrgField.Word(wanted.Type), FieldTypes.Describe(fields[index].Type)));
                }
                else
                {
                    fields[index] = Narrow(fields[index], wanted);
                }
            }
            else if (!entity.Extensible)
            {
                problems.Add(RequiresDiagnostics.NotExtensible(field.Name.Span, "field", $"{connection.Name}/{entity.Name}"));
            }
            else
            {
                fields.Add(wanted);
            }
        }

        connection.Put(entity with { Fields = fields });
    }

    // What is required of a known field is true of it from then on.
    private static FieldDescriptor Narrow(FieldDescriptor known, FieldDescriptor wanted) => known with
    {
        ExternalId = known.ExternalId || wanted.ExternalId,
        Unique = known.Unique || wanted.Unique,
        Type = known.Type with
        {
            Length = known.Type.Length ?? wanted.Type.Length,
            Choices = known.Type.Choices is { } a && wanted.Type.Choices is { } b ? [.. a.Union(b, StringComparer.Ordinal)] : known.Type.Choices ?? wanted.Type.Choices,
            Entity = known.Type.Entity ?? wanted.Type.Entity,
        },
        Relationship = known.Relationship ?? wanted.Relationship,
    };

    private static bool Interchangeable(FieldKind known, FieldKind wanted) => (known, wanted) switch
    {
        (FieldKind.Text or FieldKind.Email or FieldKind.Phone or FieldKind.Url or FieldKind.LongText, FieldKind.Text) => true,
        (FieldKind.Number or FieldKind.Integer or FieldKind.Decimal, FieldKind.Number or FieldKind.Integer or FieldKind.Decimal) => true,
        _ => false,
    };
}
