using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(5001, LogLevel.Warning, "The deployment {Deployment} is not active: the connection {Connection} cannot be opened ({Code}).")]
    public static partial void NotOpened(ILogger logger, string deployment, string connection, string code);

    [LoggerMessage(5002, LogLevel.Information, "The deployment {Deployment} runs the flow {Flow} {Version} ({Hash}).")]
    public static partial void Active(ILogger logger, string deployment, string flow, string version, string hash);

    [LoggerMessage(5003, LogLevel.Error, "The workspace was not taken: {Count} mistakes. What ran before goes on.")]
    public static partial void Refused(ILogger logger, int count);

    [LoggerMessage(5004, LogLevel.Error, "{Problem}")]
    public static partial void Problem(ILogger logger, string problem);

    [LoggerMessage(5009, LogLevel.Warning, "The deployment {Deployment} was bound to {Before} and is bound to {Now}: it is another one under the same name and begins with an empty memory (links, cursors, versions).")]
    public static partial void Rebound(ILogger logger, string deployment, string before, string now);

    [LoggerMessage(5007, LogLevel.Warning, "{Sharing}")]
    public static partial void Shared(ILogger logger, string sharing);

    [LoggerMessage(5008, LogLevel.Error, "An expression did not come back in {Seconds:0} s and was abandoned, number {Count} of this process: {Source}")]
    public static partial void Abandoned(ILogger logger, int count, double seconds, string source);

    [LoggerMessage(5005, LogLevel.Information, "The workspace was taken: {Deployments} deployments.")]
    public static partial void Taken(ILogger logger, int deployments);

    [LoggerMessage(5010, LogLevel.Warning, "What other servers were told cannot be read; it is tried again: {Reason}")]
    public static partial void NotFollowed(ILogger log, string reason);

    [LoggerMessage(5006, LogLevel.Error, "The workspace cannot be read: {Reason}")]
    public static partial void Unreadable(ILogger logger, string reason);
}
