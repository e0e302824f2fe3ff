using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>What the runtime says; never payloads or secrets.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(2001, LogLevel.Error, "The window could not be filled; it is tried again.")]
    public static partial void FillFailed(ILogger log, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "The run of event {EventId} failed by a mistake of the engine; it becomes a dead letter.")]
    public static partial void RunFailed(ILogger log, long eventId, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "The run of event {EventId} could not be settled; its event stays.")]
    public static partial void SettleFailed(ILogger log, long eventId, Exception exception);

    [LoggerMessage(2004, LogLevel.Warning, "Source {Feed} of {Realm} failed: {Kind} {Code}; it is asked again in {Pause}.")]
    public static partial void PollFailed(ILogger log, string feed, string realm, string kind, string code, TimeSpan pause);

    [LoggerMessage(2005, LogLevel.Error, "Source {Feed} of {Realm} failed by a mistake of the engine; it is tried again.")]
    public static partial void SourceFailed(ILogger log, string feed, string realm, Exception exception);
}
