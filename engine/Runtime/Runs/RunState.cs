using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A run as plain data: everything that is needed to go on, at every step boundary. Its parameters and tables belong to the deployment and are not in it.</summary>
public sealed class RunState
{
    public required string RunId { get; set; }

    /// <summary>The event it runs for; 0 = the run let its key go, and the event it comes back with is the same run.</summary>
    public required long EventId { get; set; }

    /// <summary>The flow version it began with.</summary>
    public required string FlowHash { get; init; }

    public required string Trigger { get; init; }

    /// <summary>The instruction that runs next.</summary>
    public int Counter { get; set; }

    public required object?[] Slots { get; init; }

    public List<LoopFrame> Loops { get; } = [];

    public List<HandlerFrame> Handlers { get; } = [];

    /// <summary>Charged attempts of the step at the counter.</summary>
    public int StepAttempts { get; set; }

    /// <summary>Attempts of the step that were not about this record.</summary>
    public int StepWaits { get; set; }

    /// <summary>The step at the counter runs with the changed lines of this error case; -1 = as written.</summary>
    public int AgainCase { get; set; } = -1;

    /// <summary>How often the step at the counter matched anew.</summary>
    public int MatchRounds { get; set; }

    /// <summary>How often the step at the counter waited for another run that was creating the same record.</summary>
    public int ClaimWaits { get; set; }

    /// <summary>Records the step at the counter must take as owned by another key.</summary>
    public List<string> Owned { get; } = [];

    /// <summary>Since when the run waits for what another will make (<c>orElse: later</c>), however often it began anew meanwhile.</summary>
    public DateTimeOffset? LaterSince { get; set; }

    /// <summary>How often it asked for that in vain.</summary>
    public int LaterTimes { get; set; }

    /// <summary>The instruction that asked for it.</summary>
    public int LaterStep { get; set; }

    /// <summary>It did what no effect tells of and must not be done again: a <c>wait</c> that was waited out, a <c>start</c>, a write or call that failed and was gone on from.</summary>
    public bool Acted { get; set; }

    /// <summary>A write of the step at the counter may still be carried out, though it was or is tried anew: nobody answered it.</summary>
    public bool MayLandLate { get; set; }

    /// <summary>Until when the <c>wait</c> at the counter waits; null = it has not begun.</summary>
    public DateTimeOffset? WaitsUntil { get; set; }

    /// <summary>The review the step at the counter waits for, or that decided it.</summary>
    public string? Review { get; set; }

    /// <summary>The effect that is about to leave, or whose answer is not known.</summary>
    public PendingIntent? Intent { get; set; }

    /// <summary>For a change of several records: how many are done.</summary>
    public int ItemsDone { get; set; }

    /// <summary>Every failed attempt, one line each.</summary>
    public List<string> Attempts { get; } = [];

    /// <summary>Remote writes so far.</summary>
    public List<EffectRow> Effects { get; } = [];

    /// <summary>What is told about the run so far: redacted, one JSON object per step, as UTF-8.</summary>
    public List<byte[]> Notes { get; } = [];

    /// <summary>Hashes of what this run wrote to the record that started it, by path: an event that only shows this is an echo.</summary>
    public Dictionary<string, string> Echo { get; } = [];

    public CallPriority Priority { get; set; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When the event first ran: <c>run.now</c>, the same in every attempt.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Stands before the first step.</summary>
    public void Begin()
    {
        var (since, times) = (LaterSince, LaterTimes);
        EnterStep(0);
        (LaterSince, LaterTimes) = (since, times);
    }

    /// <summary>The same run with nothing read yet; since when it waits is kept.</summary>
    public RunState Anew()
    {
        var anew = new RunState
        {
            RunId = RunId, EventId = EventId, FlowHash = FlowHash, Trigger = Trigger, Slots = new object?[Slots.Length], AcceptedAt = AcceptedAt, StartedAt = StartedAt,
            Priority = Priority, LaterSince = LaterSince, LaterTimes = LaterTimes, LaterStep = LaterStep,
        };
        anew.Attempts.AddRange(Attempts);
        return anew;
    }

    /// <summary>Forgets what belongs to the step that was left.</summary>
    public void EnterStep(int counter)
    {
        if (Counter == LaterStep) (LaterSince, LaterTimes) = (null, 0);
        Counter = counter;
        StepAttempts = 0;
        StepWaits = 0;
        AgainCase = -1;
        MatchRounds = 0;
        ClaimWaits = 0;
        WaitsUntil = null;
        Review = null;
        Intent = null;
        MayLandLate = false;
        ItemsDone = 0;
        if (Owned.Count > 0) Owned.Clear();
    }
}

/// <summary>A loop that is under way.</summary>
public sealed class LoopFrame
{
    /// <summary>Its <c>ForEachInstruction</c>.</summary>
    public required int Begin { get; init; }

    public required IReadOnlyList<object?> Items { get; init; }

    public int Index { get; set; }

    public List<object?> Outputs { get; init; } = [];

    /// <summary>Handler frames open when the loop began: a failing item closes those inside.</summary>
    public int Handlers { get; init; }
}

/// <summary>The <c>do</c> of an error case that is under way.</summary>
public sealed class HandlerFrame
{
    /// <summary>The instruction that failed.</summary>
    public required int Step { get; init; }

    public required int Case { get; init; }

    public required OperationError Error { get; init; }

    /// <summary>Loops open when the step failed.</summary>
    public int Loops { get; init; }
}
