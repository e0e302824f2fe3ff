using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

internal enum StepEnd
{
    /// <summary>The counter stands where the run goes on.</summary>
    Done,

    /// <summary>The run waits until a time; the step begins again then.</summary>
    Park,

    Failed,

    /// <summary>The run ends well.</summary>
    Stopped,
}

/// <summary>What became of one instruction.</summary>
internal sealed record StepResult(StepEnd End, OperationError? Error, bool Charged, DateTimeOffset Due, string? Text)
{
    /// <summary>Parked: other events of the run's key go on meanwhile.</summary>
    public bool ReleaseKey { get; init; }

    /// <summary>Parked: it comes back as a run that has read nothing yet.</summary>
    public bool Anew { get; init; }

    /// <summary>Parked: the question that is stored with it.</summary>
    public NewReview? Review { get; init; }

    public static readonly StepResult Done = new(StepEnd.Done, null, false, default, null);

    public static StepResult Park(DateTimeOffset due, string why) => new(StepEnd.Park, null, false, due, why);

    public static StepResult Failed(OperationError error, bool charged = true) => new(StepEnd.Failed, error, charged, default, null);

    public static StepResult Failed(ErrorKind kind, string code, string message) => Failed(new OperationError(kind, code, message));

    public static StepResult Stopped(string? text) => new(StepEnd.Stopped, null, false, default, text);

    public static StepResult Of(EvaluationFault fault, Compilation.Plan.PlanMapping mapping)
    {
        var place = fault.Source >= 0 && fault.Source < mapping.Places.Count ? $" ({mapping.Places[fault.Source]})" : "";
        return Failed(fault.Code == "abandoned" ? ErrorKind.Bug : ErrorKind.Rejected, "expression." + fault.Code, fault.Message + place);
    }
}
