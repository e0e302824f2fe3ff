using System.Xml;
using System.Xml.Linq;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;

namespace WorkflowEngine.Salesforce.Soap;

/// <summary>What became of one request of a SOAP call.</summary>
/// <param name="Id">The record; null when it was refused.</param>
/// <param name="Errors">Why.</param>
internal sealed record SoapResult(string? Id, IReadOnlyList<VendorError> Errors)
{
    /// <summary>The results of a call, in the order of its requests.</summary>
    /// <exception cref="RecordFormatException">The answer is none.</exception>
    public static IReadOnlyList<SoapResult> Read(ReadOnlyMemory<byte> body, int requests)
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
        return results.Length == requests ? results : throw new RecordFormatException($"{requests} writes were asked for, {results.Length} results came back");
    }

    private static SoapResult Read(XElement result)
    {
        var id = Value(result, "id");
        if (Value(result, "success") == "true") return new SoapResult(string.IsNullOrEmpty(id) ? throw new RecordFormatException("a result without id") : id, []);
        var errors = result.Elements().Where(e => e.Name.LocalName == "errors")
            .Select(e => new VendorError(Value(e, "statusCode") ?? "UNKNOWN_EXCEPTION", Value(e, "message") ?? "") { Fields = [.. e.Elements().Where(f => f.Name.LocalName == "fields").Select(f => f.Value)] });
        return new SoapResult(null, [.. errors]);
    }

    private static string? Value(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
