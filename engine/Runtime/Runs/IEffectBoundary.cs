namespace WorkflowEngine.Runtime;

/// <summary>The moments at which a crash must do no harm.</summary>
public enum EffectMoment
{
    /// <summary>The effect is about to be handed over; its intent is not durable yet.</summary>
    BeforeCommit,

    /// <summary>The intent is durable, the call has not left.</summary>
    AfterCommit,

    /// <summary>The vendor has answered; nothing of it is durable.</summary>
    AfterAnswer,

    /// <summary>The run is settled.</summary>
    AfterSettlement,

    /// <summary>A transaction is about to begin.</summary>
    BeforeDurable,

    /// <summary>A transaction is on the disk; nobody has been told.</summary>
    AfterDurable,
}

/// <summary>Called at every effect boundary, so that a crash test can end the process there. The default does nothing.</summary>
public interface IEffectBoundary
{
    void Reached(EffectMoment moment, string runId, string step);
}

/// <summary>Nothing happens.</summary>
public sealed class NoBoundary : IEffectBoundary
{
    public static NoBoundary Instance { get; } = new();

    public void Reached(EffectMoment moment, string runId, string step)
    {
    }
}
