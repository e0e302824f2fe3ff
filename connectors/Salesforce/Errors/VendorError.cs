using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace WorkflowEngine.Salesforce.Errors;

/// <summary>One error as Salesforce states it.</summary>
internal sealed record VendorError(string Code, string Message)
{
    public IReadOnlyList<string> Fields { get; init; } = [];

    public IReadOnlyList<string> RecordIds { get; init; } = [];

    /// <summary>Reads the errors of an answer: an array, an object, or a result's <c>errors</c>. Other bodies (HTML of an edge) hold none.</summary>
    public static IReadOnlyList<VendorError> Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length > 0 && body.Span[0] == (byte)'<') return ReadFault(body);
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("errors", out var inner)) root = inner;
            return Read(root);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Reads a list of errors; an error elsewhere called <c>statusCode</c> is the same thing.</summary>
    public static IReadOnlyList<VendorError> Read(JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.Object) return ReadOne(list) is { } one ? [one] : [];
        if (list.ValueKind != JsonValueKind.Array) return [];
        var errors = new List<VendorError>();
        foreach (var item in list.EnumerateArray())
        {
            if (ReadOne(item) is { } error) errors.Add(error);
        }

        return errors;
    }

    // A SOAP fault; HTML of an edge is none.
    private static VendorError[] ReadFault(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray());
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var fault = XElement.Load(reader).Descendants().FirstOrDefault(e => e.Name.LocalName == "Fault");
            if (fault?.Descendants().FirstOrDefault(e => e.Name.LocalName == "faultcode")?.Value is not { } code) return [];
            return [new VendorError(code[(code.IndexOf(':', StringComparison.Ordinal) + 1)..], fault.Descendants().FirstOrDefault(e => e.Name.LocalName == "faultstring")?.Value ?? code)];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static VendorError? ReadOne(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        var code = Text(item, "errorCode") ?? Text(item, "statusCode") ?? Text(item, "error");
        if (code is null) return null;
        return new VendorError(code, Text(item, "message") ?? Text(item, "error_description") ?? code)
        {
            Fields = item.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array
                ? [.. fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.String).Select(f => f.GetString()!)]
                : [],
            RecordIds = Duplicates(item),
        };
    }

    // The key is misspelt in the vendor's own answers; both spellings are taken.
    private static List<string> Duplicates(JsonElement item)
    {
        var ids = new List<string>();
        if (!item.TryGetProperty("duplicateResut", out var result) && !item.TryGetProperty("duplicateResult", out result)) return ids;
        foreach (var match in Items(result, "matchResults"))
        {
            foreach (var record in Items(match, "matchRecords"))
            {
                if (record.ValueKind == JsonValueKind.Object && record.TryGetProperty("record", out var found) && found.ValueKind == JsonValueKind.Object && Text(found, "Id") is { } id && !ids.Contains(id)) ids.Add(id);
            }
        }

        return ids;
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
