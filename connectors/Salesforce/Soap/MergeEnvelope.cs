using System.Security;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Soap;

/// <summary>Merge requests as SOAP, and their results.</summary>
internal static class MergeEnvelope
{
    /// <summary>Most requests of one call; each is a transaction of its own.</summary>
    public const int MostRequests = 200;

    /// <summary>Most records one request merges into the survivor.</summary>
    public const int MostAbsorbed = 2;

    /// <summary>One request.</summary>
    /// <param name="Survivor">The id that stays.</param>
    /// <param name="Absorbed">One or two ids that go.</param>
    /// <param name="Fields">What the survivor gets; null empties a field.</param>
    public sealed record Request(string Survivor, IReadOnlyList<string> Absorbed, IReadOnlyDictionary<string, object?> Fields);

    /// <summary>What became of one request.</summary>
    public sealed record Result(string? Id, IReadOnlyList<VendorError> Errors);

    public static string Header(bool allowDuplicates) => allowDuplicates
        ? "<urn:DuplicateRuleHeader><urn:allowSave>true</urn:allowSave><urn:includeRecordDetails>false</urn:includeRecordDetails><urn:runAsCurrentUser>true</urn:runAsCurrentUser></urn:DuplicateRuleHeader>" : "";

    /// <summary>The element of the body. Element order is the vendor's: type, fieldsToNull, Id, fields.</summary>
    public static string Body(string entity, IReadOnlyList<Request> requests)
    {
        var text = new StringBuilder("<urn:merge>");
        foreach (var request in requests)
        {
            text.Append("<urn:request><urn:masterRecord><so:type>").Append(entity).Append("</so:type>");
            foreach (var name in request.Fields.Where(f => SoqlLiteral.PlainText(f.Value) is null).Select(f => f.Key)) text.Append("<so:fieldsToNull>").Append(name).Append("</so:fieldsToNull>");
            text.Append("<so:Id>").Append(request.Survivor).Append("</so:Id>");
            foreach (var (name, value) in request.Fields)
            {
                if (SoqlLiteral.PlainText(value) is { } words) text.Append("<so:").Append(name).Append('>').Append(Escaped(words)).Append("</so:").Append(name).Append('>');
            }

            text.Append("</urn:masterRecord>");
            foreach (var id in request.Absorbed) text.Append("<urn:recordToMergeIds>").Append(id).Append("</urn:recordToMergeIds>");
            text.Append("</urn:request>");
        }

        return text.Append("</urn:merge>").ToString();
    }

    /// <summary>The results, in the order of the requests.</summary>
    /// <exception cref="RecordFormatException">The answer is none.</exception>
    public static IReadOnlyList<Result> Read(ReadOnlyMemory<byte> body, int requests)
    {
        XElement envelope;
        try
        {
            using var stream = new MemoryStream(body.ToArray());
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            envelope = XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw new RecordFormatException("a SOAP envelope was expected");
        }

        var results = envelope.Descendants().Where(e => e.Name.LocalName == "result").Select(Read).ToArray();
        return results.Length == requests ? results : throw new RecordFormatException($"{requests} merges were asked for, {results.Length} results came back");
    }

    private static Result Read(XElement result)
    {
        var id = Value(result, "id");
        if (Value(result, "success") == "true") return new Result(string.IsNullOrEmpty(id) ? throw new RecordFormatException("a merge without id") : id, []);
        var errors = result.Elements().Where(e => e.Name.LocalName == "errors")
            .Select(e => new VendorError(Value(e, "statusCode") ?? "UNKNOWN_EXCEPTION", Value(e, "message") ?? "") { Fields = [.. e.Elements().Where(f => f.Name.LocalName == "fields").Select(f => f.Value)] });
        return new Result(null, [.. errors]);
    }

    private static string? Value(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    // XML has no place for most control characters, nor for halves of characters.
    private static string Escaped(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) clean.Append(text[i]).Append(text[++i]);
            else clean.Append('\uFFFD');
        }

        // A bare carriage return is read as a line feed.
        return SecurityElement.Escape(clean.ToString()).Replace("\r", "&#xD;", StringComparison.Ordinal);
    }
}
