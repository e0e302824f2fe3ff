using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What became of a vendor's webhook.</summary>
public sealed class WebhookAnswer
{
    private WebhookAnswer()
    {
    }

    /// <summary>Its hints are on disk, or it hints at nothing flows start from.</summary>
    public static WebhookAnswer Accepted { get; } = new();

    /// <summary>There is no such connection, or it takes no webhooks.</summary>
    public static WebhookAnswer Unknown { get; } = new();

    /// <summary>The signature is missing or wrong.</summary>
    public static WebhookAnswer Unsigned { get; } = new();

    /// <summary>The body is none of this vendor's or for another tenant.</summary>
    public static WebhookAnswer Unreadable { get; } = new();

    /// <summary>Why it was not stored and when to send it again; null when that is not so.</summary>
    public Shedding? Shed { get; private init; }

    public static WebhookAnswer Later(Shedding shed) => new() { Shed = shed };
}
