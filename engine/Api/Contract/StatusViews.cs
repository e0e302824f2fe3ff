namespace WorkflowEngine.Api;

/// <summary>What runs.</summary>
/// <param name="Data">Deployments.</param>
/// <param name="Pauses">What stands still and why, one sentence each.</param>
public sealed record DeploymentsView(IReadOnlyList<DeploymentView> Data, IReadOnlyList<string> Pauses);

/// <summary>A deployment of one flow.</summary>
public sealed record DeploymentView
{
    /// <summary><c>name/flow</c> where the template has several flows.</summary>
    public required string Name { get; init; }

    public required string Flow { get; init; }

    public string? Version { get; init; }

    /// <summary>Names the flow version that runs.</summary>
    public required string Hash { get; init; }

    public required string State { get; init; }

    public string? PausedBecause { get; init; }

    public required IReadOnlyDictionary<string, BoundView> Connections { get; init; }

    public required WaitingView Waiting { get; init; }

    /// <summary>Runs kept, by outcome.</summary>
    public required IReadOnlyDictionary<string, long> Runs { get; init; }

    /// <summary>Those of the last 24 hours.</summary>
    public required IReadOnlyDictionary<string, long> LastDay { get; init; }
}

/// <summary>A connection a deployment is bound to.</summary>
public sealed record BoundView(string Name, string Realm);

/// <summary>Events accepted and not settled.</summary>
public sealed record WaitingView(long Ready, long Behind, long Delayed);

/// <summary>Equal failures as one thing.</summary>
public sealed record IncidentView(
    string? Deployment, string Fingerprint, string Message, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? RecoveredAt);

/// <summary>Whether it works.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>degraded</c>.</param>
/// <param name="Wrong">What is wrong, one sentence each.</param>
public sealed record HealthView(string Status, IReadOnlyList<string> Wrong);

/// <summary>What was found.</summary>
/// <param name="Now">The server's clock.</param>
/// <param name="Data">Everything that was looked at.</param>
public sealed record DoctorView(DateTimeOffset Now, IReadOnlyList<WorkflowEngine.Hosting.CheckUp> Data);
