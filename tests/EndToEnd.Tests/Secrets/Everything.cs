using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>Writes down all that is logged, traced and thrown in this process.</summary>
internal sealed class Everything : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _logs = new();
    private readonly StringBuilder _traces = new();
    private readonly StringBuilder _exceptions = new();
    private readonly ActivityListener _listener;

    public Everything()
    {
        _listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = Trace };
        ActivitySource.AddActivityListener(_listener);
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
    }

    public IEnumerable<(string Place, string Text)> Texts
    {
        get
        {
            lock (_gate) return [("the logs", _logs.ToString()), ("the traces", _traces.ToString()), ("the exceptions", _exceptions.ToString())];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Tape(this, categoryName);

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        _listener.Dispose();
    }

    private void Thrown(object? sender, FirstChanceExceptionEventArgs e)
    {
        lock (_gate) _exceptions.AppendLine(e.Exception.ToString());
    }

    private void Trace(Activity activity)
    {
        lock (_gate)
        {
            _traces.AppendLine($"{activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.Status} {activity.StatusDescription}");
            foreach (var (name, value) in activity.TagObjects) _traces.AppendLine($"  {name}={value}");
            foreach (var (name, value) in activity.Baggage) _traces.AppendLine($"  {name}={value}");
            foreach (var happened in activity.Events) _traces.AppendLine($"  {happened.Name} {string.Join(' ', happened.Tags.Select(t => $"{t.Key}={t.Value}"))}");
        }
    }

    private sealed class Tape(Everything all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lock (all._gate) all._logs.AppendLine($"{category} {{{state}}}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (all._gate)
            {
                all._logs.AppendLine($"{category}: {formatter(state, exception)}").AppendLine(exception?.ToString());
                if (state is IEnumerable<KeyValuePair<string, object?>> values) all._logs.AppendLine(string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")));
            }
        }
    }
}
