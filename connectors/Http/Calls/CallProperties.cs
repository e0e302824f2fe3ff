namespace WorkflowEngine.Connectors.Http;

/// <summary>Names of the request properties that travel from a Refit method to the handlers (<c>[Property(CallProperties.Priority)]</c>).</summary>
public static class CallProperties
{
    /// <summary>A <see cref="Abstractions.CallPriority"/>; absent = live.</summary>
    public const string Priority = "workflow.priority";
}
