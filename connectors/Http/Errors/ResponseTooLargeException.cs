namespace WorkflowEngine.Connectors.Http;

/// <summary>An answer is larger than the connection takes.</summary>
internal sealed class ResponseTooLargeException(long most) : Exception($"The answer is larger than {most} bytes.");
