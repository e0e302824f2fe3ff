using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>
/// ServiceTitan's V2 webhooks: one CloudEvents object per call, signed with the key shared in the developer portal. A payload lacks much of its record, so it only hints at it.
/// </summary>
internal static class WebhookReader
{
    /// <summary>How far the vendor's clock may be ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    // Events by the beginning of their name; where each names its record. What is not here starts no flow.
    private static readonly (string Event, string Entity, string[] Path)[] Places =
    [
        ("tn.jpm.job-appointment-updated", "appointment", ["appointment", "id"]),
        ("tn.jpm.job-rescheduled", "appointment", ["appointmentId"]),
        ("tn.jpm.job-", "job", ["job", "id"]),
        ("tn.dis.technician-dispatched", "job", ["job", "id"]),
        ("tn.dis.technician-dispatched", "appointment", ["appointment", "id"]),
        ("tn.acc.invoice-", "invoice", ["invoice", "id"]),
        ("tn.crm.booking-updated", "booking", ["booking", "id"]),
    ];

    public static Outcome<IReadOnlyList<WebhookHint>> Read(ServiceTitanSettings settings, WebhookCall call, DateTimeOffset now)
    {
        if (settings.Webhooks is not { } signature) return new OperationError(ErrorKind.Misconfigured, "notSupported", "The connection has no webhookKey.") { NotExecuted = true };
        if (!signature.Signed(call)) return new OperationError(ErrorKind.Authentication, "signature", "The webhook's signature is missing or wrong.") { NotExecuted = true };
        try
        {
            using var document = JsonDocument.Parse(call.Body);
            return Hints(settings, document.RootElement, now);
        }
        catch (JsonException)
        {
            return Unreadable("The webhook is no JSON.");
        }
    }

    private static Outcome<IReadOnlyList<WebhookHint>> Hints(ServiceTitanSettings settings, JsonElement root, DateTimeOffset now)
    {
        if (Text(root, "type") is not { } type || Text(root, "specversion") is not "1.0" || Find(root, "data") is not { ValueKind: JsonValueKind.Object } data) return Unreadable("The webhook is no CloudEvents 1.0 object.");
        // One application's key may serve several tenants.
        if (Id(data, ["tenantId"]) != settings.Tenant) return Unreadable("The webhook is for another tenant.");
        // The time stands in the signed body: a call that was recorded cannot be made young again.
        if (Find(root, "time") is not { ValueKind: JsonValueKind.String } time || !time.TryGetDateTimeOffset(out var at)) return Unreadable("The webhook has no time.");
        if (at < now - settings.WebhookTolerance || at > now + Ahead) return new OperationError(ErrorKind.Authentication, "stale", "The webhook's time is too far from now.") { NotExecuted = true };
        var occurrence = Text(root, "userassignedid") ?? Text(root, "id");
        if (string.IsNullOrEmpty(occurrence)) return Unreadable("The webhook has no id.");
        var hints = new List<WebhookHint>();
        foreach (var (name, entity, path) in Places)
        {
            if (type == name || (name.EndsWith('-') && type.StartsWith(name, StringComparison.Ordinal) && !(type is "tn.jpm.job-appointment-updated")))
            {
                if (Id(data, path) is { } id) hints.Add(new WebhookHint(entity, new SourceRow { RecordId = id, Stamp = $"{occurrence}/{type}" }));
            }
        }

        return hints;
    }

    private static JsonElement? Find(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement from, string name) => Find(from, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Id(JsonElement from, string[] path)
    {
        foreach (var name in path)
        {
            if (Find(from, name) is not { } next) return null;
            from = next;
        }

        var id = from.ValueKind == JsonValueKind.Number ? from.GetRawText() : from.ValueKind == JsonValueKind.String ? from.GetString() : null;
        return id is { Length: > 0 and <= 19 } && id.All(char.IsAsciiDigit) ? id : null;
    }

    private static OperationError Unreadable(string message) => new(ErrorKind.Rejected, "unreadable", message) { NotExecuted = true };
}
