namespace WorkflowEngine.Simulators;

/// <summary>How a simulator runs. The defaults suit a demo; tests set <see cref="TimeProvider"/> and <see cref="Seed"/>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Decides every random choice: the same seed and calls give the same answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Time added to every answer, in milliseconds of <see cref="TimeProvider"/>.</summary>
    public int LatencyMs { get; init; }

    /// <summary>Calls per second before 429. 0 switches the limit off; null takes the vendor's own (ServiceTitan 60, Salesforce none).</summary>
    public int? Rate { get; init; }

    /// <summary>Whether a 429 names the wait. ServiceTitan documents neither, so both have to be borne.</summary>
    public bool RetryAfter { get; init; } = true;

    /// <summary>Drives all time: token expiry, stamps, latency. <see cref="Time.SimulatorClock"/> adds what was advanced by request.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a created record stays invisible to reads. Writes and unique keys see it at once.</summary>
    public TimeSpan LateVisibility { get; init; }

    /// <summary>Life of an access token; null takes the vendor's own (ServiceTitan 900 s, Salesforce 2 h without use).</summary>
    public TimeSpan? TokenLifetime { get; init; }

    /// <summary>ServiceTitan: rows of one export page. The vendor documents no number.</summary>
    public int FeedPageSize { get; init; } = 500;

    /// <summary>ServiceTitan: changes younger than this are missing from an export without <c>includeRecentChanges</c>.</summary>
    public TimeSpan FeedDelay { get; init; }

    /// <summary>ServiceTitan: rows younger than this repeat on following exports with <c>includeRecentChanges=true</c>.</summary>
    public TimeSpan FeedRepeatWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>ServiceTitan: reviews tell when they were made and changed, as documents since 2026-07 say; those of 2026-03 do not.</summary>
    public bool ReviewTimes { get; init; }

    /// <summary>Salesforce: calls in 24 hours before REQUEST_LIMIT_EXCEEDED.</summary>
    public int DailyApiLimit { get; init; } = 100_000;

    /// <summary>Salesforce: the largest query page; the vendor's is 2,000.</summary>
    public int QueryPageSize { get; init; } = 2_000;

    /// <summary>Salesforce: a row with an unknown field or a value of the wrong JSON type fails alone (false) or fails its whole collections call (true). No source decides it.</summary>
    public bool UnreadableRowFailsWholeCall { get; init; }

    /// <summary>Salesforce: a write waiting for its answer locks the parents of its rows; an overlapping write to the same parent gets UNABLE_TO_LOCK_ROW.</summary>
    public bool ParentLocks { get; init; }

    /// <summary>Salesforce: the org has person accounts.</summary>
    public bool PersonAccounts { get; init; }

    /// <summary>Salesforce: a field made through the Tooling API is invisible until a permission set grants it, as in a real org.</summary>
    public bool FieldSecurity { get; init; } = true;

    /// <summary>Salesforce: the port of the event service (gRPC over TLS); 0 takes a free one, null leaves it out.</summary>
    public int? PubSubPort { get; init; }

    /// <summary>Salesforce: how long a subscription is silent before it is told the newest replay id.</summary>
    public TimeSpan PubSubKeepAlive { get; init; } = TimeSpan.FromSeconds(270);

    /// <summary>Salesforce: records one transaction may change before its events become one overflow event per object.</summary>
    public int MostChangeEvents { get; init; } = 100_000;

    /// <summary>Salesforce: how long a bulk job is in progress.</summary>
    public TimeSpan BulkDelay { get; init; }

    /// <summary>Salesforce: the public key (PEM) that assertions must be signed with; null takes any signature.</summary>
    public string? JwtPublicKey { get; init; }
}
