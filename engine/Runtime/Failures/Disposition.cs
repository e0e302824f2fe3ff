using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>What follows a failure.</summary>
public enum DispositionKind
{
    /// <summary>The step is tried again after a pause.</summary>
    Retry,

    /// <summary>The step has failed: <c>onError</c>, else a dead letter.</summary>
    Failed,

    /// <summary>The connection stands still; the run waits with it.</summary>
    PauseConnection,

    /// <summary>The deployment stands still; the run waits with it.</summary>
    PauseDeployment,
}

/// <summary>What follows a failure, and after which pause.</summary>
public readonly record struct Disposition(DispositionKind Kind, TimeSpan Pause)
{
    /// <summary>Decides by the kind of the error and the attempts so far, this one included. Only an answer about this record counts as an attempt.</summary>
    public static Disposition Of(OperationError error, PlanStep step, int attempts, int waits, string run)
    {
        switch (error.Kind)
        {
            case ErrorKind.Misconfigured:
                return new Disposition(DispositionKind.PauseDeployment, default);
            case ErrorKind.Authentication or ErrorKind.Quota:
                return new Disposition(DispositionKind.PauseConnection, default);
            case ErrorKind.Rejected or ErrorKind.Conflict or ErrorKind.Bug:
                return new Disposition(DispositionKind.Failed, default);
            default:
                return attempts >= step.Attempts
                    ? new Disposition(DispositionKind.Failed, default)
                    : new Disposition(DispositionKind.Retry, RetryPlan.Pause(step, attempts + waits, run, error.RetryAfter));
        }
    }
}
