using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>What every step has.</summary>
public sealed record PlanStep
{
    /// <summary>Its id, else a name made of its activity and place in the flow; unique in the flow.</summary>
    public required string Name { get; init; }

    /// <summary>The activity's word: <c>lookup</c>, <c>upsert</c>, …</summary>
    public required string Activity { get; init; }

    public required SourcePlace Place { get; init; }

    /// <summary>Slot of its output; -1 = nobody reads it.</summary>
    public int Output { get; init; } = -1;

    /// <summary>Attempts in all; default 8.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The first pause; it doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    public TimeSpan MostPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Per call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Cases of <c>onError</c>; the first that fits is taken.</summary>
    public IReadOnlyList<PlanErrorCase> OnError { get; init; } = [];

    /// <summary>Names and values (indexes into the step's values) of <c>options</c>.</summary>
    public IReadOnlyList<PlanOption> Options { get; init; } = [];

    /// <summary>A step without options, errors or limits of its own.</summary>
    public static PlanStep Of(string name, string activity, SourcePlace place, int output = -1) => new() { Name = name, Activity = activity, Place = place, Output = output };
}

/// <summary>One option of a step.</summary>
public sealed record PlanOption(string Name, int Value);

/// <summary>What follows an error case.</summary>
public enum PlanThen
{
    Fail,
    Stop,

    /// <summary>The step's output is null and the run goes on behind it.</summary>
    Continue,
}

/// <summary>One case of <c>onError</c>.</summary>
public sealed record PlanErrorCase
{
    /// <summary>Kinds that fit; empty together with <see cref="Codes"/> = any error.</summary>
    public IReadOnlyList<ErrorKind> Kinds { get; init; } = [];

    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>First instruction of <c>do</c>, which ends with <see cref="EndHandlerInstruction"/>; -1 = none.</summary>
    public int Do { get; init; } = -1;

    /// <summary>The step with the lines of <c>again</c> changed, run once in its place; null = not repeated.</summary>
    public Instruction? Again { get; init; }

    public PlanThen Then { get; init; }
}
