using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Metadata;

/// <summary>Turns a describe answer into the engine's descriptor. Fields the running user may not see are not in it.</summary>
internal static class DescribeReader
{
    /// <summary>Reads a describe answer.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="catalogue">What the catalogue says about the object; null for custom objects.</param>
    public static EntityDescriptor Read(JsonElement json, EntityDescriptor? catalogue)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "name") is not { } name || !json.TryGetProperty("fields", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new RecordFormatException("a describe answer with name and fields was expected");
        }

        var fields = new List<FieldDescriptor>();
        var parents = new List<string>(catalogue?.LockParents ?? []);
        foreach (var field in list.EnumerateArray())
        {
            if (field.ValueKind != JsonValueKind.Object || Field(field, name) is not { } read) continue;
            fields.Add(read);
            // A detail locks its master, whatever its object.
            if (Flag(field, "cascadeDelete") && read.Type.Kind == FieldKind.Id && !parents.Contains(read.Name)) parents.Add(read.Name);
        }

        fields.AddRange(Lists(json, catalogue));
        return new EntityDescriptor
        {
            Name = name,
            Title = Text(json, "label"),
            Fields = fields,
            IdField = "Id",
            VersionField = fields.Any(f => f.Name == "SystemModstamp") ? "SystemModstamp" : null,
            Queryable = Flag(json, "queryable", otherwise: true),
            Creatable = Flag(json, "createable"),
            Updatable = Flag(json, "updateable"),
            Deletable = Flag(json, "deletable"),
            Extensible = true,
            LockParents = [.. parents.Where(p => fields.Any(f => f.Name == p))],
            Events = catalogue?.Events ?? [new EntityEvent { Name = "changed", Description = $"A record of {name} was made or changed.", Feeds = ["modified"] }, new EntityEvent { Name = "deleted", Description = $"A record of {name} was deleted or merged away.", Feeds = ["deleted"] }],
        };
    }

    /// <summary>The active record types of a describe answer, by developer name.</summary>
    public static IReadOnlyDictionary<string, string> RecordTypes(JsonElement json)
    {
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!json.TryGetProperty("recordTypeInfos", out var list) || list.ValueKind != JsonValueKind.Array) return types;
        foreach (var info in list.EnumerateArray())
        {
            if (info.ValueKind == JsonValueKind.Object && Flag(info, "active", otherwise: true) && Text(info, "developerName") is { } name && Text(info, "recordTypeId") is { } id) types[name] = id;
        }

        return types;
    }

    // Lists of children that the running user may read: those the catalogue knows with their fields, those of the org's own with the child's name only.
    private static IEnumerable<FieldDescriptor> Lists(JsonElement json, EntityDescriptor? catalogue)
    {
        if (!json.TryGetProperty("childRelationships", out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        var known = catalogue?.Fields.Where(ChildLists.Is).ToArray() ?? [];
        foreach (var relationship in list.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object && !Flag(r, "deprecatedAndHidden")))
        {
            if (Text(relationship, "relationshipName") is not { } name || Text(relationship, "childSObject") is not { } child || Text(relationship, "field") is not { } reference) continue;
            if (Array.Find(known, f => f.Name == name && f.Type.Item!.Entity == child && f.Relationship == reference) is { } told) yield return told;
            else if (name.EndsWith("__r", StringComparison.Ordinal) && Soql.SoqlName.IsName(name) && Soql.SoqlName.IsName(child) && Soql.SoqlName.IsName(reference)) yield return ChildLists.Of(name, child, reference);
        }
    }

    private static FieldDescriptor? Field(JsonElement json, string owner)
    {
        if (Text(json, "name") is not { } name || Text(json, "type") is not { } type) return null;
        var creatable = Flag(json, "createable");
        var nullable = Flag(json, "nillable", otherwise: true);
        var caseSensitive = Flag(json, "caseSensitive");
        var read = Type(json, type, name, owner);
        var filterable = Flag(json, "filterable");
        var isText = read.Kind is FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Url or FieldKind.Email or FieldKind.Phone;
        return new FieldDescriptor
        {
            Name = name,
            Title = Text(json, "label"),
            Type = read,
            Nullable = nullable,
            Creatable = creatable,
            Updatable = Flag(json, "updateable"),
            RequiredOnCreate = creatable && !nullable && !Flag(json, "defaultedOnCreate"),
            Filterable = filterable,
            Search = !filterable || read.Kind is FieldKind.Any or FieldKind.LongText ? SearchForm.None
                : read.Kind == FieldKind.Phone ? SearchForm.PhoneSpellings
                : isText && !caseSensitive ? SearchForm.IgnoreCase
                : SearchForm.Exact,
            ExternalId = Flag(json, "externalId"),
            Unique = Flag(json, "unique") || type == "id",
            Relationship = Text(json, "relationshipName"),
            IgnoreCase = isText && !caseSensitive,
        };
    }

    private static FieldType Type(JsonElement json, string type, string name, string owner)
    {
        var length = Number(json, "length") is { } characters and > 0 ? characters : (int?)null;
        switch (type)
        {
            case "textarea":
                // Up to 255 characters can be filtered on, longer ones cannot.
                return new FieldType { Kind = length > 255 ? FieldKind.LongText : FieldKind.Text, Length = length };
            case "string" or "encryptedstring" or "combobox" or "multipicklist" or "base64":
                return new FieldType { Kind = FieldKind.Text, Length = length };
            case "picklist":
                var values = json.TryGetProperty("picklistValues", out var list) && list.ValueKind == JsonValueKind.Array
                    ? list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.Object && Flag(v, "active", otherwise: true)).Select(v => Text(v, "value")).OfType<string>().ToArray()
                    : [];
                return new FieldType { Kind = FieldKind.Choice, Length = length, Choices = values, OpenChoices = !Flag(json, "restrictedPicklist") };
            case "id":
                return FieldType.IdOf(owner);
            case "reference":
                var targets = json.TryGetProperty("referenceTo", out var to) && to.ValueKind == JsonValueKind.Array ? to.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!).ToArray() : [];
                return FieldType.IdOf(targets.Length == 1 ? targets[0] : null);
            case "boolean":
                return FieldType.Of(FieldKind.Boolean);
            case "int" or "long":
                return FieldType.Of(FieldKind.Integer);
            case "currency":
                return new FieldType { Kind = FieldKind.Decimal, Scale = Number(json, "scale") };
            case "double" or "percent":
                return new FieldType { Kind = FieldKind.Number, Scale = Number(json, "scale") };
            case "date":
                return FieldType.Of(FieldKind.Date);
            case "datetime":
                return FieldType.Of(FieldKind.Instant);
            case "time":
                return FieldType.Of(FieldKind.Duration);
            case "phone":
                return new FieldType { Kind = FieldKind.Phone, Length = length };
            case "email":
                return new FieldType { Kind = FieldKind.Email, Length = length };
            case "url":
                return new FieldType { Kind = FieldKind.Url, Length = length };
            default:
                return FieldType.Of(FieldKind.Any);
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement json, string name, bool otherwise = false) =>
        json.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True || (value.ValueKind != JsonValueKind.False && otherwise) : otherwise;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
