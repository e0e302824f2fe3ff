namespace WorkflowEngine.Abstractions;

/// <summary>A way to tell people that something is wrong, or is well again.</summary>
public interface IAlertChannel
{
    /// <summary>Tells it. Null when it was taken; an error when it must be told again.</summary>
    Task<OperationError?> SendAsync(Alert alert, CancellationToken cancellationToken);
}
