using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>Keeps what was logged from warnings on, for the message of a test that fails.</summary>
internal sealed class LogTape : ILoggerProvider
{
    private const int Most = 60;
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Tape(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Tape(LogTape tape, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            tape._lines.Enqueue($"{category}: {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
            while (tape._lines.Count > Most) tape._lines.TryDequeue(out _);
        }
    }
}
