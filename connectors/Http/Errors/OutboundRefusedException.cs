namespace WorkflowEngine.Connectors.Http;

/// <summary>The host or its address is not one this connection may talk to.</summary>
public sealed class OutboundRefusedException(string message) : Exception(message);
