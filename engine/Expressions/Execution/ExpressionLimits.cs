namespace WorkflowEngine.Expressions.Execution;

/// <summary>What one invocation may use. Everything that loops or allocates is charged before it happens.</summary>
public sealed record ExpressionLimits
{
    public static ExpressionLimits Default { get; } = new();

    /// <summary>
    /// Time of one invocation. It begins on the wall; once that is used up, the invocation may use as much processor time of its own, so that one whose process was stopped or starved goes on. Where
    /// the system does not tell a thread's own time, the wall decides.
    /// </summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes allocated by one invocation, counted on its thread.</summary>
    public long Memory { get; init; } = 16 * 1024 * 1024;

    /// <summary>Statements, calls and list items.</summary>
    public int Steps { get; init; } = 500_000;

    /// <summary>Calls inside calls.</summary>
    public int Recursion { get; init; } = 128;

    /// <summary>Characters of text built.</summary>
    public int Characters { get; init; } = 4 * 1024 * 1024;

    /// <summary>Levels of objects and lists in the input that can be reached, and in the result.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Items and fields of the result.</summary>
    public int ResultItems { get; init; } = 100_000;

    /// <summary>When an invocation has not come back after this and the watchdog, which looks four times in it, saw it running three times, its engine is abandoned.</summary>
    public TimeSpan Abandon { get; init; } = TimeSpan.FromSeconds(5);
}
