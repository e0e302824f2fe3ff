namespace WorkflowEngine.Api;

/// <summary>What a connection is to be.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Title">For people.</param>
/// <param name="Settings">Settings by name.</param>
/// <param name="Secrets">Secrets by name, write-only: one that is left out stays as it is, null takes it away.</param>
public sealed record ConnectionBody(string? Connector, string? Title, IReadOnlyDictionary<string, string>? Settings, IReadOnlyDictionary<string, string?>? Secrets);

/// <summary>A connection; secrets are named, never told.</summary>
public sealed record ConnectionView
{
    public required string Name { get; init; }

    public required string Connector { get; init; }

    public string? Title { get; init; }

    /// <summary><c>api</c>, or <c>file</c> when a file of the workspace describes it.</summary>
    public required string Origin { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Names of the secrets it has.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>The org or tenant, once it was opened.</summary>
    public string? Realm { get; init; }

    public long? Revision { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public string? UpdatedBy { get; init; }

    /// <summary>Deployments that use it.</summary>
    public required IReadOnlyList<string> Deployments { get; init; }
}

/// <summary>Whether a connection works.</summary>
/// <param name="Works">It could be opened, and no deployment that uses it lacks anything.</param>
/// <param name="Realm">The org or tenant.</param>
/// <param name="Code">The vendor's code when it does not.</param>
/// <param name="Message">What the vendor said.</param>
/// <param name="Missing">What deployments that use it need and the org lacks, one sentence each.</param>
public sealed record ConnectionTestView(bool Works, string? Realm, string? Code, string? Message, IReadOnlyList<string> Missing);

/// <summary>A change by a person or program.</summary>
public sealed record AuditView(
    long Id, DateTimeOffset At, string Actor, string Action, string Target, System.Text.Json.JsonElement? Before, System.Text.Json.JsonElement? After, string RequestId);
