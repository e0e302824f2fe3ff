using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;

namespace WorkflowEngine.Cli;

/// <summary>Log lines on the error stream: time, level, text; or for machines one JSON object a line.</summary>
internal static class ConsoleLogs
{
    private const string Sentence = "{OriginalFormat}";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="terminal">Where the lines go.</param>
    /// <param name="least">The least that is logged.</param>
    /// <param name="json">One object a line.</param>
    /// <param name="otlp">Where they are sent by OTLP too; null = nowhere.</param>
    public static ILoggerFactory Create(Terminal terminal, LogLevel least = LogLevel.Information, bool json = false, Uri? otlp = null) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning).AddProvider(new Provider(terminal, json));
        if (otlp is not null) TelemetryLogs.Send(builder, otlp);
    });

    private static string Word(LogLevel level) => level switch { LogLevel.Error or LogLevel.Critical => "error", LogLevel.Warning => "warn", LogLevel.Information => "info", _ => "debug" };

    private sealed class Provider(Terminal terminal, bool json) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => json ? new Objects(terminal, categoryName) : new Lines(terminal);

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
            var text = $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {Word(logLevel),-5} {formatter(state, exception)}";
            lock (terminal)
            {
                terminal.Error.WriteLine(exception is null ? text : $"{text}\n{exception}");
            }
        }
    }

    private sealed class Objects(Terminal terminal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new Dictionary<string, object?>
            {
                ["at"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["level"] = Word(logLevel), ["event"] = eventId.Id, ["category"] = category, ["message"] = formatter(state, exception),
            };
            // The parts of the sentence by their names, as text, so that a field never changes its type.
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                line["parts"] = values.Where(v => v.Key != Sentence).ToDictionary(v => JsonNamingPolicy.CamelCase.ConvertName(v.Key), v => v.Value is null ? null : Convert.ToString(v.Value, CultureInfo.InvariantCulture));
            }

            if (exception is not null) line["exception"] = exception.ToString();
            var text = JsonSerializer.Serialize(line, Readable);
            lock (terminal)
            {
                terminal.Error.WriteLine(text);
            }
        }
    }
}
