using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Cluster;

/// <summary>The host's own logs; of the membership only what a person at night would want to know, and not the watchdog that takes the machine's uptime for a stall.</summary>
internal sealed class ClusterLogs(ILoggerFactory inner) : ILoggerFactory
{
    private const string Watchdog = "Orleans.Runtime.Watchdog";

    /// <summary>Orleans, and what it tries again by: lines for each placement of a grain.</summary>
    private static readonly string[] Talkers = ["Orleans", "Microsoft.Orleans", "Polly"];

    public ILogger CreateLogger(string categoryName) =>
        Talkers.Any(t => categoryName.StartsWith(t, StringComparison.Ordinal)) ? new Quiet(inner.CreateLogger(categoryName), categoryName == Watchdog) : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // They belong to who made them.
    }

    private sealed class Quiet(ILogger inner, bool silent) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => !silent && logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
