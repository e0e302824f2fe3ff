using System.Collections;
using System.Diagnostics.CodeAnalysis;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Execution;

/// <summary>What happens when an invocation does not come back: here a field of its input that is never answered.</summary>
public sealed class StuckTests
{
    private static readonly PreparedMapping Healthy = MappingCompiler.Prepare("[1, 2].map((n, i) => n + i).length", []);

    private static ExpressionEngine Engine(ManualTime time) => new(new ExpressionEngineOptions { Engines = 1, Threads = 1, Time = time });

    [Fact]
    public void On_a_thread_of_ours_it_is_abandoned_counted_and_replaced_and_the_caller_gets_an_error()
    {
        var time = new ManualTime();
        using var engine = Engine(time);
        using var input = new UnansweredRecord();
        var told = new List<Abandonment>();
        engine.Abandoned += told.Add;
        var mapping = MappingCompiler.Prepare("input.name.padEnd(3)", ["input"]);
        mapping.IsSuspect = true;

        var result = InvokeUntilAbandoned(engine, time, mapping, input);

        Assert.Equal(EvaluationErrorKind.Abandoned, result?.Error?.Kind);
        Assert.Equal(1, engine.AbandonedCount);
        Assert.Equal(mapping.Sources, Assert.Single(told).Sources);
        Assert.False(engine.Worn.IsCancellationRequested);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
    }

    [Fact]
    public void On_the_callers_thread_its_engine_is_replaced_later_callers_do_not_get_stuck_and_the_second_one_wears_the_process_out()
    {
        var time = new ManualTime();
        using var engine = Engine(time);
        using var input = new UnansweredRecord();
        var mapping = MappingCompiler.Prepare("input.name.padEnd(3)", ["input"]);
        var comesBack = Begin(engine, mapping, input);
        time.PassInLooks(TimeSpan.FromSeconds(6));

        Assert.Equal(1, engine.AbandonedCount);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
        Assert.False(engine.Worn.IsCancellationRequested);
        Assert.Equal(EvaluationErrorKind.Abandoned, InvokeUntilAbandoned(engine, time, mapping, input)?.Error?.Kind);
        Assert.True(engine.Worn.IsCancellationRequested);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);

        input.Answer();
        Assert.NotNull(comesBack());
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
    }

    [Fact]
    public void A_process_that_was_stopped_for_an_hour_abandons_nothing_when_it_goes_on()
    {
        var time = new ManualTime();
        using var engine = Engine(time);
        using var input = new UnansweredRecord();
        var mapping = MappingCompiler.Prepare("input.name.padEnd(3)", ["input"]);
        var comesBack = Begin(engine, mapping, input);
        time.Pass(TimeSpan.FromHours(1));
        input.Answer();

        Assert.Null(comesBack()?.Error);
        Assert.Equal(0, engine.AbandonedCount);
    }

    [Fact]
    public void A_loop_ends_by_the_processor_time_it_took()
    {
        var limits = new ExpressionLimits { Steps = int.MaxValue, Time = TimeSpan.FromMilliseconds(20) };
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1, Threads = 1, Limits = limits });
        var result = engine.Invoke(MappingCompiler.PrepareUnchecked("(function () { while (true) {} })()"));
        Assert.Equal(EvaluationErrorKind.Limit, result.Error?.Kind);
        Assert.Contains("longer than", result.Error!.Message, StringComparison.Ordinal);
    }

    private static EvaluationResult? InvokeUntilAbandoned(ExpressionEngine engine, ManualTime time, PreparedMapping mapping, UnansweredRecord input)
    {
        var comesBack = Begin(engine, mapping, input);
        time.PassInLooks(TimeSpan.FromSeconds(6));
        return comesBack();
    }

    /// <summary>An invocation on a thread of its own that has come as far as the field; waits for its result when asked for it.</summary>
    private static Func<EvaluationResult?> Begin(ExpressionEngine engine, PreparedMapping mapping, UnansweredRecord input)
    {
        EvaluationResult? result = null;
        var caller = new Thread(() => result = engine.Invoke(mapping, input)) { IsBackground = true };
        caller.Start();
        input.WaitForReader();
        return () =>
        {
            caller.Join();
            return result;
        };
    }

    /// <summary>A clock that passes when it is told, and then looks after what runs.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long ticks = 1;
        private Action? look;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            look = () => callback(state);
            return new Timer();
        }

        /// <summary>As time passes for a process that runs: with looks in between.</summary>
        public void PassInLooks(TimeSpan time)
        {
            for (var look = 0; look < 4; look++) Pass(time / 4);
        }

        public void Pass(TimeSpan time)
        {
            Interlocked.Add(ref ticks, time.Ticks);
            look?.Invoke();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class UnansweredRecord : IReadOnlyDictionary<string, object?>, IDisposable
    {
        private readonly ManualResetEventSlim answered = new();
        private readonly SemaphoreSlim readers = new(0);

        public IEnumerable<string> Keys => ["name"];

        public IEnumerable<object?> Values => [this["name"]];

        public int Count => 1;

        public object? this[string key] => TryGetValue(key, out var value) ? value : null;

        public void WaitForReader() => readers.Wait();

        public void Answer() => answered.Set();

        public bool ContainsKey(string key) => key == "name";

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
        {
            readers.Release();
            answered.Wait();
            value = "Ann";
            return key == "name";
        }

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Keys.Select(k => KeyValuePair.Create(k, this[k])).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => answered.Set();
    }
}
