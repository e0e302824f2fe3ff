using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

internal static partial class ScheduleLog
{
    [LoggerMessage(2201, LogLevel.Information, "The schedule {Trigger} of {Deployment} is skipped for {Slot}: what it began before has not ended.")]
    public static partial void Skipped(ILogger logger, string deployment, string trigger, DateTimeOffset slot);

    [LoggerMessage(2202, LogLevel.Error, "The schedule {Trigger} of {Deployment} cannot be used: {Problem}")]
    public static partial void Unusable(ILogger logger, string deployment, string trigger, string problem);

    [LoggerMessage(2203, LogLevel.Error, "Schedules could not be looked at; they are again in a moment.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
