using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Api;

/// <summary>The host's logs without the web framework's talk: below a warning it writes paths of requests, and a path of an inbound call holds its token.</summary>
internal sealed class ServerLogs(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        var logger = inner.CreateLogger(categoryName);
        return categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? new Quiet(logger) : logger;
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // It belongs to who gave it.
    }

    private sealed class Quiet(ILogger inner) : ILogger
    {
        /// <summary>A scope of the framework holds the path as well.</summary>
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
