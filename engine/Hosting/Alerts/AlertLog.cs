using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Hosting;

internal static partial class AlertLog
{
    [LoggerMessage(5101, LogLevel.Error, "The alert channel {Channel} took no alert ({Code}): {Message}. It is told again.")]
    public static partial void NotDelivered(ILogger logger, string channel, string code, string message);

    [LoggerMessage(5102, LogLevel.Error, "Alerts through {Channel} could not be looked after now.")]
    public static partial void Broken(ILogger logger, string channel, Exception exception);
}
