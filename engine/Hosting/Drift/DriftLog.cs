using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Hosting;

internal static partial class DriftLog
{
    [LoggerMessage(5201, LogLevel.Warning, "{Deployment}: {Change}")]
    public static partial void Changed(ILogger logger, string deployment, string change);

    [LoggerMessage(5202, LogLevel.Information, "{Deployment}: {Entity} cannot be described now ({Code}); it is asked again.")]
    public static partial void NotDescribed(ILogger logger, string deployment, string entity, string code);

    [LoggerMessage(5203, LogLevel.Error, "The description of the orgs of {Deployment} could not be looked after now.")]
    public static partial void Broken(ILogger logger, string deployment, Exception exception);
}
