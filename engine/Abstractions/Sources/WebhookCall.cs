namespace WorkflowEngine.Abstractions;

/// <summary>A call by which a vendor tells of changes.</summary>
public sealed record WebhookCall
{
    /// <summary>The body as it came: signatures are over its bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Its headers by name, whatever the case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
}

/// <summary>One record a webhook hints at.</summary>
/// <param name="Entity">The record's entity.</param>
/// <param name="Row">The hint; its stamp is the occurrence, so that a repeated delivery is known.</param>
public sealed record WebhookHint(string Entity, SourceRow Row);
