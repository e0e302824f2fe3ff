using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

internal static partial class RuntimeCommitLog
{
    [LoggerMessage(1001, LogLevel.Error, "A change set could not be stored alone.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
