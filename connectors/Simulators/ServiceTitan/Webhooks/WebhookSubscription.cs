namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>What somebody has set up in the developer portal: where events go and how they are signed.</summary>
public sealed record WebhookSubscription
{
    /// <summary>Where each event is sent.</summary>
    public required Uri Url { get; init; }

    /// <summary>The events; empty = all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>The HMAC key, 32 to 64 characters; null = unsigned, as the vendor allows.</summary>
    public string? Key { get; init; }

    /// <summary>No document names the header, the hash and the encoding.</summary>
    public string Header { get; init; } = "x-servicetitan-signature";

    /// <summary><c>sha256</c>, <c>sha1</c> or <c>sha512</c>.</summary>
    public string Hash { get; init; } = "sha256";

    /// <summary><c>hex</c> or <c>base64</c>.</summary>
    public string Encoding { get; init; } = "hex";
}
