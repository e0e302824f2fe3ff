using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Several queries as one composite call: it counts once against the daily allowance, and each query has its own answer in it.</summary>
internal static class CompositeQueries
{
    /// <summary>Of 25 parts of a composite call five may be queries.</summary>
    public const int Most = 5;

    /// <summary>Whether a query may be a part: <c>@{</c> in it would be read as a reference to another part, whoever wrote the value.</summary>
    public static bool CanHold(string query) => !query.Contains("@{", StringComparison.Ordinal);

    /// <summary>The body of the call.</summary>
    public static HttpContent Body(string version, IReadOnlyList<string> queries)
    {
        using var buffer = new MemoryStream();
        using (var w = new Utf8JsonWriter(buffer))
        {
            w.WriteStartObject();
            w.WriteBoolean("allOrNone", false);
            w.WriteStartArray("compositeRequest");
            for (var i = 0; i < queries.Count; i++)
            {
                w.WriteStartObject();
                w.WriteString("method", "GET");
                w.WriteString("url", $"/services/data/v{version}/query?q={Uri.EscapeDataString(queries[i])}");
                w.WriteString("referenceId", Reference(i));
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        return content;
    }

    /// <summary>The answers of the parts, in the order of the queries.</summary>
    /// <exception cref="RecordFormatException">It is no answer to so many queries.</exception>
    public static IReadOnlyList<RemoteAnswer> Parts(RemoteAnswer answer, int count)
    {
        using var document = JsonDocument.Parse(answer.Body);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("compositeResponse", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new RecordFormatException("the answer of a composite call was expected");
        }

        var parts = new RemoteAnswer?[count];
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("referenceId", out var reference) || !item.TryGetProperty("httpStatusCode", out var status) || !status.TryGetInt32(out var code)
                || !item.TryGetProperty("body", out var body) || Place(reference.GetString(), count) is not { } place)
            {
                throw new RecordFormatException("a part of a composite answer is none of ours");
            }

            parts[place] = new RemoteAnswer((System.Net.HttpStatusCode)code, answer.Headers, "application/json", System.Text.Encoding.UTF8.GetBytes(body.GetRawText()));
        }

        // Answers are matched by their reference: one that is missing must not look like no rows.
        return [.. parts.Select(p => p ?? throw new RecordFormatException("a composite answer lacks a part"))];
    }

    private static string Reference(int place) => string.Create(CultureInfo.InvariantCulture, $"q{place}");

    private static int? Place(string? reference, int count) =>
        reference is ['q', ..] && int.TryParse(reference.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < count ? place : null;
}
