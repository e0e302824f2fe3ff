namespace WorkflowEngine.Connectors.Http;

/// <summary>A body does not have the form the catalogue says. Caught by <see cref="RemoteCaller"/> and answered as <c>malformed</c>; its text names places, never values.</summary>
public sealed class RecordFormatException(string message) : Exception(message);
