using System.Collections.Concurrent;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>A fixed number of threads with large stacks. One whose work does not come back is given up and replaced.</summary>
internal sealed class EngineThreads(int count) : IDisposable
{
    private const int StackSize = 16 * 1024 * 1024;

    private readonly BlockingCollection<Work> queue = [];
    private readonly ConcurrentDictionary<Work, bool> running = [];
    private int started;

    public EvaluationResult Run(ExpressionEngine engine, PreparedMapping mapping, object?[] arguments)
    {
        while (Volatile.Read(ref started) < count && Interlocked.Increment(ref started) <= count)
        {
            Start();
        }

        var work = new Work(engine, mapping, arguments);
        queue.Add(work);
        return work.Result.Task.GetAwaiter().GetResult();
    }

    /// <summary>Answers the caller that waits, and gives its thread's place to a new one.</summary>
    public void Abandon(PreparedMapping mapping)
    {
        foreach (var work in running.Keys)
        {
            if (ReferenceEquals(work.Mapping, mapping) && running.TryRemove(work, out _))
            {
                work.Result.TrySetResult(new EvaluationResult(new EvaluationError(EvaluationErrorKind.Abandoned, "The expression did not come back and was abandoned.", 0, -1)));
                Start();
                return;
            }
        }
    }

    public void Dispose() => queue.CompleteAdding();

    private void Start() => new Thread(Loop, StackSize) { IsBackground = true, Name = "expressions" }.Start();

    private void Loop()
    {
        foreach (var work in queue.GetConsumingEnumerable())
        {
            running[work] = true;
            try
            {
                work.Result.TrySetResult(work.Engine.RunHere(work.Mapping, work.Arguments));
            }
            catch (Exception e)
            {
                work.Result.TrySetException(e);
            }

            if (!running.TryRemove(work, out _))
            {
                // Given up while it ran: another thread has this place now.
                return;
            }
        }
    }

    private sealed record Work(ExpressionEngine Engine, PreparedMapping Mapping, object?[] Arguments)
    {
        public TaskCompletionSource<EvaluationResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Equals(Work? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
