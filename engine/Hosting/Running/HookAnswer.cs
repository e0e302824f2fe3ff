using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What is answered to an inbound call.</summary>
public sealed record HookAnswer
{
    private HookAnswer()
    {
    }

    /// <summary>No such deployment, or the token is wrong.</summary>
    public static HookAnswer Unknown { get; } = new() { IsUnknown = true };

    /// <summary>It cannot be stored now.</summary>
    public static HookAnswer Busy { get; } = new() { IsBusy = true };

    public bool IsUnknown { get; private init; }

    public bool IsBusy { get; private init; }

    /// <summary>Why the payload is refused; null when it is not.</summary>
    public string? Problem { get; private init; }

    /// <summary>The event; null when the same delivery was accepted before.</summary>
    public long? EventId { get; private init; }

    /// <summary>Nothing more is accepted for a while; null when that is not so.</summary>
    public Shedding? Shed { get; private init; }

    public static HookAnswer Later(Shedding shed) => new() { Shed = shed };

    public static HookAnswer Refused(string problem) => new() { Problem = problem };

    public static HookAnswer Accepted(long? eventId) => new() { EventId = eventId };
}
