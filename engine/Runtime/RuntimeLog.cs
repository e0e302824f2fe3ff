using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>What the runtime says; never payloads or secrets.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(2101, LogLevel.Error, "The window could not be filled; it is tried again.")]
    public static partial void FillFailed(ILogger log, Exception exception);

    [LoggerMessage(2102, LogLevel.Error, "The run of event {EventId} failed by a mistake of the engine; it becomes a dead letter.")]
    public static partial void RunFailed(ILogger log, long eventId, Exception exception);

    [LoggerMessage(2103, LogLevel.Error, "The run of event {EventId} could not be settled; its event stays.")]
    public static partial void SettleFailed(ILogger log, long eventId, Exception exception);

    [LoggerMessage(2106, LogLevel.Warning, "The run of event {EventId} could not read the database and begins again behind its last checkpoint: {Problem}")]
    public static partial void StoreUnread(ILogger log, long eventId, string problem);

    [LoggerMessage(2105, LogLevel.Warning, "Another node owns lane {Lane} now: it goes on with event {EventId}.")]
    public static partial void Fenced(ILogger log, long eventId, int lane);

    [LoggerMessage(2104, LogLevel.Warning, "Old explanation could not be forgotten; it is tried again in an hour.")]
    public static partial void RetentionFailed(ILogger log, Exception exception);
}
