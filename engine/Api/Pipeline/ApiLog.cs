using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Api;

internal static partial class ApiLog
{
    [LoggerMessage(6001, LogLevel.Error, "The request {RequestId} failed by our mistake.")]
    public static partial void Failed(ILogger logger, string requestId, Exception exception);
}
