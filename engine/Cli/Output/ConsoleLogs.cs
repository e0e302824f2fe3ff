using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Cli;

/// <summary>Log lines on the error stream: time, level, text.</summary>
internal static class ConsoleLogs
{
    public static ILoggerFactory Create(Terminal terminal, bool verbose) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System.Net.Http", LogLevel.Warning)
        .AddProvider(new Provider(terminal)));

    private sealed class Provider(Terminal terminal) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Lines(terminal);

        public void Dispose()
        {
        }
    }

    private sealed class Lines(Terminal terminal) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var level = logLevel switch { LogLevel.Error or LogLevel.Critical => "error", LogLevel.Warning => "warn", LogLevel.Information => "info", _ => "debug" };
            var text = $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {level,-5} {formatter(state, exception)}";
            lock (terminal)
            {
                terminal.Error.WriteLine(exception is null ? text : $"{text}\n{exception}");
            }
        }
    }
}
