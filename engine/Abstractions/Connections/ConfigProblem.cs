namespace WorkflowEngine.Abstractions;

/// <summary>A mistake in a connection's settings; the compiler turns the path into line and column.</summary>
/// <param name="Path">The setting's path: <c>settings.tenant</c>, <c>secrets.clientSecret</c>.</param>
/// <param name="Message">What is wrong and what was expected.</param>
public sealed record ConfigProblem(string Path, string Message);
