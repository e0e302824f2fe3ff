namespace WorkflowEngine.Cli;

/// <summary>The input cannot be used; the message is one sentence for people that says what to do. Ends the command with exit code 2.</summary>
internal sealed class UnusableException(string message) : Exception(message);
