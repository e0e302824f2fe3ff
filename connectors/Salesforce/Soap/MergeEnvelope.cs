using System.Security;
using System.Text;
using System.Xml;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Soap;

/// <summary>Merge requests as SOAP.</summary>
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
