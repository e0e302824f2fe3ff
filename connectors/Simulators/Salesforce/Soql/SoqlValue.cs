using System.Globalization;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>Reads a value of a filter as the type of its field, or refuses it in the vendor's words.</summary>
internal static class SoqlValue
{
    public static object? Read(string query, SoqlToken token, FieldDefinition field, DateTimeOffset now)
    {
        if (token.Is("NULL"))
        {
            return null;
        }

        if (token.Kind is TokenKind.Text)
        {
            return Quoted(query, token, field);
        }

        if (field.Type is "boolean" && (token.Is("TRUE") || token.Is("FALSE")))
        {
            return token.Is("TRUE");
        }

        if (field.Type is "date" && FieldValues.TryDate(token.Raw, out var date))
        {
            return date;
        }

        if (field.Type is "datetime" && token.Kind is TokenKind.Literal && FieldValues.TryInstant(token.Raw, out var instant))
        {
            return instant;
        }

        if (field.Type is "date" or "datetime" && token.Kind is TokenKind.Name && DateLiterals.Find(token.Raw, now) is { } span)
        {
            return span;
        }

        if (field.IsNumber && token.Kind is TokenKind.Literal && decimal.TryParse(token.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        throw !field.IsText && !field.IsId ? MustNotBeQuoted(query, token, field)
            : token.Kind is TokenKind.Name ? SoqlFault.Malformed(query, token.At, $"unexpected token: '{token.Raw}'")
            : SoqlFault.Field(query, token.At, $"value of filter criterion for field '{field.Name}' must be of type string and should be enclosed in quotes");
    }

    private static string? Quoted(string query, SoqlToken token, FieldDefinition field)
    {
        if (!field.IsText && !field.IsId)
        {
            throw MustNotBeQuoted(query, token, field);
        }

        // A text with nothing in it finds the records without a value.
        var text = SoqlLexer.Unescape(query, token, pattern: false);
        return text.Length == 0 ? null
            : !field.IsId ? text
            : RecordId.Normalize(text) ?? throw SoqlFault.At("INVALID_QUERY_FILTER_OPERATOR", query, token.At, $"invalid ID field: {(text.Length <= 80 ? text : text[..80])}");
    }

    private static Exception MustNotBeQuoted(string query, SoqlToken token, FieldDefinition field)
    {
        var type = field.Type switch { "datetime" => "dateTime", "currency" or "percent" => "double", _ => field.Type };
        return SoqlFault.Field(query, token.At, $"value of filter criterion for field '{field.Name}' must be of type {type} and should not be enclosed in quotes");
    }
}
