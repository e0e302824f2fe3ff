using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>What an org was found to have, as the text of a <c>*.metadata.json</c> file: flows are checked against it where the org cannot be asked.</summary>
public static class MetadataWriter
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="connector">The connector's name.</param>
    /// <param name="taken">When the org was asked.</param>
    /// <param name="entities">Its entities as it described them. Fields of kinds that flows do not read (objects, lists that are none of children) are left out.</param>
    public static string Write(string connector, DateTimeOffset taken, IEnumerable<EntityDescriptor> entities)
    {
        var all = new JsonObject();
        foreach (var entity in entities.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var fields = new JsonObject();
            foreach (var field in entity.Fields.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                if (Field(entity, field) is { } node) fields[field.Name] = node;
            }

            var one = new JsonObject();
            if (entity.Title is { } title) one["label"] = title;
            one["fields"] = fields;
            all[entity.Name] = one;
        }

        return new JsonObject { ["connector"] = connector, ["taken"] = taken.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), ["entities"] = all }.ToJsonString(Readable) + "\n";
    }

    private static JsonObject? Field(EntityDescriptor entity, FieldDescriptor field)
    {
        var type = field.Type;
        if (ChildLists.Is(field)) return new JsonObject { ["type"] = MetadataMerge.Children, ["to"] = new JsonArray(type.Item!.Entity!), ["field"] = field.Relationship };
        var word = field.Name == entity.IdField && type.Kind == FieldKind.Id ? "id" : OrgField.Word(type);
        if (OrgField.Kind(word) is null) return null;
        var node = new JsonObject { ["type"] = word };
        if (field.Title is { } title) node["label"] = title;
        if (type.Length is { } length) node["length"] = length;
        if (type.Scale is { } scale) node["scale"] = scale;
        if (word == "reference" && type.Entity is { } target) node["to"] = new JsonArray(target);
        if (type.Choices is { Count: > 0 } choices)
        {
            node["values"] = new JsonArray([.. choices.Select(c => (JsonNode)c)]);
            node["restricted"] = !type.OpenChoices;
        }

        if (field.ExternalId) node["externalId"] = true;
        if (field.Unique) node["unique"] = true;
        if (field.RequiredOnCreate) node["required"] = true;
        node["creatable"] = field.Creatable;
        node["updatable"] = field.Updatable;
        node["filterable"] = field.Filterable;
        node["nullable"] = field.Nullable;
        return node;
    }
}
