namespace WorkflowEngine.Connectors.Http;

/// <summary>The transport failed; tells whether the request may have reached the vendor.</summary>
internal sealed class SendFailedException(Exception cause, bool sent) : Exception(cause.Message, cause)
{
    /// <summary>False when the request surely did not leave.</summary>
    public bool Sent { get; } = sent;
}
