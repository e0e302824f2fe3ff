namespace WorkflowEngine.Hosting;

/// <summary>What became of a vendor's webhook.</summary>
public enum WebhookAnswer
{
    /// <summary>Its hints are on disk, or it hints at nothing flows start from.</summary>
    Accepted,

    /// <summary>There is no such connection, or it takes no webhooks.</summary>
    Unknown,

    /// <summary>The signature is missing or wrong.</summary>
    Unsigned,

    /// <summary>The body is none of this vendor's or for another tenant.</summary>
    Unreadable,

    /// <summary>It could not be stored now.</summary>
    Busy,
}
