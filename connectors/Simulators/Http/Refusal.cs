namespace WorkflowEngine.Simulators.Http;

/// <summary>Ends the handling of a request with the vendor's error answer. Caught in one place, the pipeline.</summary>
internal sealed class Refusal(Answer answer) : Exception("The simulated vendor refuses the request.")
{
    public Answer Answer => answer;
}
