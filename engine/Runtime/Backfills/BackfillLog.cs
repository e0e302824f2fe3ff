using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

internal static partial class BackfillLog
{
    [LoggerMessage(2005, LogLevel.Warning, "The backfill {Backfill} was answered {Kind} {Code}: {Message}")]
    public static partial void ReadFailed(ILogger logger, string backfill, ErrorKind kind, string code, string message);

    [LoggerMessage(2006, LogLevel.Error, "A page of backfill {Backfill} could not be stored; it is read again.")]
    public static partial void StoreFailed(ILogger logger, string backfill, Exception exception);

    [LoggerMessage(2007, LogLevel.Error, "The backfill {Backfill} stopped by a mistake of ours; it goes on.")]
    public static partial void Crashed(ILogger logger, string backfill, Exception exception);
}
