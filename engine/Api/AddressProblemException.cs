namespace WorkflowEngine.Api;

/// <summary>The server cannot listen; the message is one sentence for people.</summary>
public sealed class AddressProblemException(string message, Exception? inner) : Exception(message, inner);
