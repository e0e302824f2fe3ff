using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Carries a finished error through the handler chain: the gate, the token endpoint or the host guard stopped the call before it left.</summary>
internal sealed class CallRefusedException(OperationError error) : Exception(error.Message)
{
    public OperationError Error { get; } = error;
}
