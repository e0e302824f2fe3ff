using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

internal static partial class WaveLog
{
    [LoggerMessage(2010, LogLevel.Information, "{Rows} rows of {Entity} go to {Connection} as job {Job} (wave {Wave}).")]
    public static partial void Sent(ILogger logger, string wave, string connection, string entity, string job, int rows);

    [LoggerMessage(2011, LogLevel.Information, "Job {Job} of wave {Wave} is over: {Done} rows done, {Refused} refused, {Again} go by ordinary calls, {Unknown} are looked up.")]
    public static partial void Over(ILogger logger, string wave, string job, int done, int refused, int again, int unknown);

    [LoggerMessage(2012, LogLevel.Warning, "Wave {Wave} was answered {Kind} {Code}: {Message}")]
    public static partial void Failed(ILogger logger, string wave, ErrorKind kind, string code, string message);

    [LoggerMessage(2013, LogLevel.Error, "Wave {Wave} stopped by a mistake of ours; its runs ask for their answers themselves.")]
    public static partial void Crashed(ILogger logger, string wave, Exception exception);
}
