using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>A field of an org's own, from the words of <c>requires</c> and metadata files.</summary>
internal static class OrgField
{
    /// <summary>The words of <c>requires</c>, in the order they are explained.</summary>
    public static readonly IReadOnlyList<string> Words =
        ["text", "longText", "integer", "number", "currency", "boolean", "date", "instant", "picklist", "reference", "url", "email", "phone"];

    public static FieldKind? Kind(string type) => type switch
    {
        "text" => FieldKind.Text,
        "longText" => FieldKind.LongText,
        "integer" => FieldKind.Integer,
        "number" => FieldKind.Number,
        "currency" => FieldKind.Decimal,
        "boolean" => FieldKind.Boolean,
        "date" => FieldKind.Date,
        "instant" => FieldKind.Instant,
        "picklist" => FieldKind.Choice,
        "reference" or "id" => FieldKind.Id,
        "url" => FieldKind.Url,
        "email" => FieldKind.Email,
        "phone" => FieldKind.Phone,
        _ => null,
    };

    public static string Word(FieldType type) => type.Kind switch
    {
        FieldKind.LongText => "longText",
        FieldKind.Decimal => "currency",
        FieldKind.Choice => "picklist",
        FieldKind.Id => "reference",
        _ => type.Kind.ToString().ToLowerInvariant(),
    };

    public static FieldDescriptor? From(RequiredField field, ConnectionModel connection, EntityDescriptor entity, DiagnosticBag problems)
    {
        // An unknown word has been refused by the reader.
        if (Kind(field.Type.Value) is not { } kind) return null;

        Unfit(field.Length?.Span, "length", kind is FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone, "text, longText, url, email and phone");
        Unfit(field.Scale?.Span, "scale", kind is FieldKind.Number or FieldKind.Decimal or FieldKind.Integer, "number and currency");
        Unfit(field.ExternalId?.Span, "externalId", kind is FieldKind.Text or FieldKind.Number or FieldKind.Integer or FieldKind.Email, "text, number and email");
        Unfit(field.Unique?.Span, "unique", kind is FieldKind.Text or FieldKind.Number or FieldKind.Integer or FieldKind.Email, "text, number and email");
        Unfit(field.Values.Count > 0 ? field.Values[0].Span : null, "values", kind == FieldKind.Choice, "picklist");
        Unfit(field.To?.Span, "to", kind == FieldKind.Id, "reference");
        string? target = null;
        if (kind == FieldKind.Id)
        {
            if (field.To is null)
            {
                // The reader has asked for it.
            }
            else if (connection.Entity(field.To.Value) is null)
            {
                problems.Add(RequiresDiagnostics.UnknownTarget(field.To.Span, connection.Name, field.To.Value, [.. connection.EntityNames]));
            }
            else
            {
                target = field.To.Value;
            }
        }

        return Make(entity, field.Name.Value, new FieldType
        {
            Kind = field is { Type.Value: "number", Scale.Value: 0 } ? FieldKind.Integer : kind,
            Length = (int?)field.Length?.Value,
            Scale = (int?)field.Scale?.Value,
            Choices = field.Values.Count > 0 ? [.. field.Values.Select(v => v.Value)] : null,
            // The org may have more values than the flow asks for.
            OpenChoices = field.Values.Count == 0,
            Entity = target,
        }) with
        {
            Title = field.Title?.Value,
            ExternalId = field.ExternalId?.Value == true,
            Unique = field.Unique?.Value == true,
        };

        void Unfit(SourceSpan? span, string property, bool fits, string allowed)
        {
            if (span is { } at && !fits) problems.Add(RequiresDiagnostics.UnfitProperty(at, property, field.Type.Value, allowed));
        }
    }

    /// <summary>What an org's own field can do by its type.</summary>
    public static FieldDescriptor Make(EntityDescriptor entity, string name, FieldType type)
    {
        var filterable = type.Kind != FieldKind.LongText;
        return new FieldDescriptor
        {
            Name = name,
            Type = type,
            Creatable = true,
            Updatable = true,
            Filterable = filterable,
            Search = !filterable || type.Kind == FieldKind.Boolean ? SearchForm.None : type.Kind == FieldKind.Phone ? SearchForm.PhoneSpellings : SearchForm.Exact,
            Nullable = type.Kind != FieldKind.Boolean,
            // As the connector's own texts are.
            IgnoreCase = type.Kind is FieldKind.Text or FieldKind.Email && entity.Fields.Any(f => f.IgnoreCase && f.Type.Kind is FieldKind.Text or FieldKind.Email),
            Relationship = type.Kind == FieldKind.Id ? Relationship(name) : null,
        };
    }

    // The convention of the systems that let orgs have fields of their own: Project__c is read through Project__r, AccountId through Account.
    private static string? Relationship(string field) =>
        field.EndsWith("__c", StringComparison.Ordinal) ? field[..^1] + "r" : field.EndsWith("Id", StringComparison.Ordinal) && field.Length > 2 ? field[..^2] : null;
}
