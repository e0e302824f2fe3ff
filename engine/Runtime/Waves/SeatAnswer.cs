using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What a run of a wave is told.</summary>
internal enum SeatEnd
{
    /// <summary>The vendor is at it: the run waits on.</summary>
    Waiting,

    /// <summary>The vendor has answered for this row.</summary>
    Answered,

    /// <summary>The row was not done and is better sent by an ordinary call.</summary>
    ByItself,

    /// <summary>Nothing of the wave was ever sent.</summary>
    NotSent,

    /// <summary>Nobody can say whether the row was done.</summary>
    Unknown,
}

/// <summary>What a run of a wave is told.</summary>
/// <param name="End">Which.</param>
/// <param name="Outcome">When answered: the result, or the vendor's words about this record.</param>
/// <param name="Pause">When waiting: how long.</param>
internal sealed record SeatAnswer(SeatEnd End, Outcome<WriteResult>? Outcome = null, TimeSpan Pause = default)
{
    /// <summary>The wave was forgotten meanwhile, as by a death: nothing kept its records from other writes while the vendor was at them.</summary>
    public bool IsLate { get; init; }

    public static SeatAnswer ByItself { get; } = new(SeatEnd.ByItself);

    public static SeatAnswer NotSent { get; } = new(SeatEnd.NotSent);

    public static SeatAnswer Unknown { get; } = new(SeatEnd.Unknown);

    public static SeatAnswer WaitingFor(TimeSpan pause) => new(SeatEnd.Waiting, null, pause);

    /// <summary>What the vendor says of one row of a job that is over.</summary>
    public static SeatAnswer Of(Outcome<WriteResult> outcome) => outcome.Error switch
    {
        { Kind: ErrorKind.UnknownOutcome } => Unknown,
        { Kind: ErrorKind.Transient or ErrorKind.BatchScoped or ErrorKind.RateLimited or ErrorKind.Quota } => ByItself,
        _ => new SeatAnswer(SeatEnd.Answered, outcome),
    };
}
