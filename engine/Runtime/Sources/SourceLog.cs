using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

internal static partial class SourceLog
{
    [LoggerMessage(2001, LogLevel.Warning, "The source {Source} answered {Kind} {Code}: {Message}")]
    public static partial void PollFailed(ILogger logger, string source, ErrorKind kind, string code, string message);

    [LoggerMessage(2002, LogLevel.Warning, "The token of source {Source} is not known any more ({Code}); going on from its stamp.")]
    public static partial void TokenIsDead(ILogger logger, string source, string code);

    [LoggerMessage(2003, LogLevel.Error, "A page of source {Source} could not be stored; it is asked for again.")]
    public static partial void StoreFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "The source {Source} stopped by a mistake of ours; it starts anew.")]
    public static partial void Crashed(ILogger logger, string source, Exception exception);
}
