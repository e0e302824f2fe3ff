using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/_webhooks</c>: what the developer portal sets up, and what was delivered.</summary>
internal sealed class WebhookEndpoints(WebhookSender sender)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public Answer? Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["_webhooks"]) => Subscribe(request),
        ("GET", ["_webhooks"]) => Deliveries(),
        ("DELETE", ["_webhooks"]) => Forget(),
        _ => null,
    };

    private Answer Subscribe(SimulatorRequest request)
    {
        WebhookSubscription? subscription;
        try
        {
            subscription = JsonSerializer.Deserialize<WebhookSubscription>(request.Body, Form);
        }
        catch (JsonException e)
        {
            return ControlEndpoints.Problem(400, $"The subscription cannot be read: {e.Message}");
        }

        if (subscription is not { Url: { IsAbsoluteUri: true, IsLoopback: true } } || subscription.Key is { Length: < 32 or > 64 })
        {
            return ControlEndpoints.Problem(400, "Expected { url, events, key, header, hash, encoding } with a loopback url and a key of 32 to 64 characters.");
        }

        sender.Subscribe(subscription);
        return Answer.Empty(204);
    }

    private Answer Deliveries() => Answer.Json(200, w =>
    {
        w.WriteStartArray();
        foreach (var delivery in sender.Deliveries)
        {
            w.WriteStartObject();
            w.WriteString("type", delivery.Type);
            w.WriteString("occurrence", delivery.Occurrence);
            w.WriteNumber("attempt", delivery.Attempt);
            w.WriteString("at", delivery.At.UtcDateTime);
            w.WriteNumber("status", delivery.Status);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    private Answer Forget()
    {
        sender.Clear();
        return Answer.Empty(204);
    }
}
