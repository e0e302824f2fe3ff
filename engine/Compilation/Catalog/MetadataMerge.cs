using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>Adds what an org was found to have. A field of the same name replaces the catalogue's where the file says more.</summary>
internal static class MetadataMerge
{
    /// <summary>The word for a list of children.</summary>
    public const string Children = "children";

    public static void Apply(ConnectionModel connection, MetadataDefinition metadata)
    {
        foreach (var entity in metadata.Entities)
        {
            if (connection.Entity(entity.Name.Value) is null) connection.Put(NewEntity.Of(connection.Connector, entity.Name.Value));
        }

        foreach (var entity in metadata.Entities)
        {
            var known = connection.Entity(entity.Name.Value)!.Descriptor;
            var fields = new List<FieldDescriptor>(known.Fields);
            foreach (var field in entity.Fields)
            {
                if (field.Type.Value == Children)
                {
                    // What the children are is told by the file or by the catalogue; a list of anything else can show nothing.
                    if (field is { To: [var child], Field: { } reference } && fields.TrueForAll(f => f.Name != field.Name.Value) && connection.Entity(child.Value) is not null) fields.Add(ChildLists.Of(field.Name.Value, child.Value, reference.Value));
                    continue;
                }

                if (OrgField.Kind(field.Type.Value) is not { } kind) continue;
                var index = fields.FindIndex(f => f.Name == field.Name.Value);
                var merged = Merge(index >= 0 ? fields[index] : OrgField.Make(known, field.Name.Value, TypeOf(field, kind)), field, kind);
                if (index >= 0) fields[index] = merged;
                else fields.Add(merged);
            }

            connection.Put(known with { Fields = fields, Title = entity.Label?.Value ?? known.Title });
        }
    }

    private static FieldType TypeOf(MetadataField field, FieldKind kind) => new()
    {
        Kind = kind,
        Length = (int?)field.Length?.Value,
        Scale = (int?)field.Scale?.Value,
        Choices = field.Values.Count > 0 ? [.. field.Values.Select(v => v.Value)] : null,
        OpenChoices = field.Restricted?.Value != true,
        Entity = field.To is [var only] ? only.Value : null,
    };

    private static FieldDescriptor Merge(FieldDescriptor known, MetadataField field, FieldKind kind)
    {
        // A kind the catalogue knows better (a whole number that the org calls a number) stays.
        var type = known.Type.Kind == kind ? TypeOf(field, kind) : known.Type;
        return known with
        {
            Title = field.Label?.Value ?? known.Title,
            Type = type with
            {
                Length = type.Length ?? known.Type.Length,
                Scale = type.Scale ?? known.Type.Scale,
                Choices = type.Choices ?? known.Type.Choices,
                Entity = type.Entity ?? known.Type.Entity,
                NumberOnWire = known.Type.NumberOnWire,
                TextOnWire = known.Type.TextOnWire,
            },
            ExternalId = field.ExternalId?.Value ?? known.ExternalId,
            Unique = field.Unique?.Value ?? known.Unique,
            RequiredOnCreate = field.Required?.Value ?? known.RequiredOnCreate,
            Creatable = field.Creatable?.Value ?? known.Creatable,
            Updatable = field.Updatable?.Value ?? known.Updatable,
            Filterable = field.Filterable?.Value ?? known.Filterable,
            Search = field.Filterable?.Value == false ? SearchForm.None : known.Search,
            Nullable = field.Nullable?.Value ?? known.Nullable,
        };
    }
}
