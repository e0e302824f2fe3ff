namespace WorkflowEngine.Connectors.Http;

/// <summary>How a vendor wants times written.</summary>
public sealed record WireRules
{
    /// <summary>Calendar days go out as midnights in UTC. Default no.</summary>
    public bool DaysAreMidnights { get; init; }

    /// <summary>Digits of a second. Default 7.</summary>
    public int SecondDigits { get; init; } = 7;
}
