using System.Collections;
using System.Diagnostics.CodeAnalysis;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Execution;

/// <summary>What happens when an invocation does not come back: here a field of its input that is never answered.</summary>
public sealed class StuckTests
{
    private static readonly PreparedMapping Healthy = MappingCompiler.Prepare("[1, 2].map((n, i) => n + i).length", []);

    private static ExpressionEngine Engine() => new(new ExpressionEngineOptions
    {
        Engines = 1,
        Threads = 1,
        Limits = new ExpressionLimits { Abandon = TimeSpan.FromMilliseconds(40) },
    });

    [Fact]
    public void On_a_thread_of_ours_it_is_abandoned_counted_and_replaced_and_the_caller_gets_an_error()
    {
        using var engine = Engine();
        using var input = new UnansweredRecord();
        var told = new List<Abandonment>();
        engine.Abandoned += told.Add;
        var mapping = MappingCompiler.Prepare("input.name.padEnd(3)", ["input"]);
        mapping.IsSuspect = true;

        var result = engine.Invoke(mapping, input);

        Assert.Equal(EvaluationErrorKind.Abandoned, result.Error?.Kind);
        Assert.Equal(1, engine.AbandonedCount);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
        SpinWait.SpinUntil(() => told.Count > 0, TimeSpan.FromSeconds(30));
        Assert.Equal(mapping.Sources, Assert.Single(told).Sources);
    }

    [Fact]
    public void On_the_callers_thread_its_engine_is_replaced_and_later_callers_of_the_mapping_do_not_get_stuck()
    {
        using var engine = Engine();
        using var input = new UnansweredRecord();
        using var abandoned = new ManualResetEventSlim();
        engine.Abandoned += _ => abandoned.Set();
        var mapping = MappingCompiler.Prepare("input.name.padEnd(3)", ["input"]);
        EvaluationResult? late = null;
        var caller = new Thread(() => late = engine.Invoke(mapping, input)) { IsBackground = true };
        caller.Start();

        Assert.True(abandoned.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, engine.AbandonedCount);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
        Assert.Equal(EvaluationErrorKind.Abandoned, engine.Invoke(mapping, input).Error?.Kind);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);

        input.Answer();
        Assert.True(caller.Join(TimeSpan.FromSeconds(30)));
        Assert.NotNull(late);
        Assert.Equal(2L, engine.Invoke(Healthy).Values?[0]);
    }

    private sealed class UnansweredRecord : IReadOnlyDictionary<string, object?>, IDisposable
    {
        private readonly ManualResetEventSlim answered = new();

        public IEnumerable<string> Keys => ["name"];

        public IEnumerable<object?> Values => [this["name"]];

        public int Count => 1;

        public object? this[string key] => TryGetValue(key, out var value) ? value : null;

        public void Answer() => answered.Set();

        public bool ContainsKey(string key) => key == "name";

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
        {
            answered.Wait();
            value = "Ann";
            return key == "name";
        }

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Keys.Select(k => KeyValuePair.Create(k, this[k])).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => answered.Set();
    }
}
