using System.Runtime.CompilerServices;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// Runs prepared mappings on a pool of closed engines. Thread-safe; made once per process. A failing expression is a value, never an exception.
/// </summary>
/// <remarks>
/// The usual way is the caller's own thread with a rented engine: a mapping from <see cref="MappingCompiler"/> cannot recurse (it has no
/// named functions and nests at most 64 levels), so its need of stack is small and known, and a hop to another thread would cost more than
/// the mapping. Threads of our own with 16 MB take over when the caller's stack is nearly used up. The watchdog is outside of both.
/// </remarks>
public sealed class ExpressionEngine : IDisposable
{
    private readonly ExpressionEngineOptions options;
    private readonly Lease?[] free;
    private readonly Lease?[] all;
    private readonly SemaphoreSlim room;
    private readonly Lock replacing = new();
    private readonly EngineThreads threads;
    private readonly ITimer watchdog;
    private int abandoned;
    private int made;

    public ExpressionEngine(ExpressionEngineOptions? options = null)
    {
        this.options = options ?? new ExpressionEngineOptions();
        var places = this.options.Engines + this.options.Threads;
        free = new Lease?[this.options.Engines];
        all = new Lease?[places];
        room = new SemaphoreSlim(this.options.Engines);
        threads = new EngineThreads(this.options.Threads);
        var look = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond * 10, this.options.Limits.Abandon.Ticks / 4));
        watchdog = this.options.Time.CreateTimer(_ => Watch(), null, look, look);
    }

    /// <summary>Raised once for each invocation that did not come back, on a thread of the pool.</summary>
    public event Action<Abandonment>? Abandoned;

    public int AbandonedCount => Volatile.Read(ref abandoned);

    /// <param name="mapping">The prepared expressions.</param>
    /// <param name="arguments">The values of <see cref="PreparedMapping.Names"/>, in order.</param>
    public EvaluationResult Invoke(PreparedMapping mapping, params ReadOnlySpan<object?> arguments)
    {
        if (mapping.Problem is { } problem)
        {
            return new EvaluationResult(new EvaluationError(EvaluationErrorKind.Invalid, problem.Message, mapping.ProblemIndex, problem.Start));
        }

        return mapping.IsUnchecked || !RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? threads.Run(this, mapping, arguments.ToArray())
            : RunHere(mapping, arguments);
    }

    public void Dispose()
    {
        watchdog.Dispose();
        threads.Dispose();
        room.Dispose();
    }

    internal EvaluationResult RunHere(PreparedMapping mapping, ReadOnlySpan<object?> arguments)
    {
        room.Wait();
        Lease? lease = null;
        try
        {
            lease = Rent();
            lease.Mapping = mapping;
            return lease.Sandbox.Run(mapping, arguments);
        }
        finally
        {
            Return(lease);
        }
    }

    private Lease Rent()
    {
        for (var i = 0; i < free.Length; i++)
        {
            if (Volatile.Read(ref free[i]) is not null && Interlocked.Exchange(ref free[i], null) is { } lease)
            {
                return lease;
            }
        }

        lock (replacing)
        {
            var slot = made < all.Length ? made++ : Array.FindIndex(all, l => l is null or { IsAbandoned: true });
            return all[Math.Max(slot, 0)] = new Lease(new Sandbox(options.Limits, options.Time, Math.Max(slot, 0)));
        }
    }

    private void Return(Lease? lease)
    {
        lease?.Mapping = null;
        if (lease is { IsAbandoned: true })
        {
            // It came back after all; its place has been given away, so it must not return.
            return;
        }

        for (var i = 0; lease is not null && i < free.Length; i++)
        {
            if (Volatile.Read(ref free[i]) is null && Interlocked.CompareExchange(ref free[i], lease, null) is null)
            {
                break;
            }
        }

        room.Release();
    }

    private void Watch()
    {
        foreach (var lease in all)
        {
            if (lease?.Sandbox.Budget.RunningSince is not (> 0 and var since))
            {
                continue;
            }

            var elapsed = options.Time.GetElapsedTime(since);
            if (elapsed < options.Limits.Abandon || lease.Mapping is not { } mapping || !lease.Abandon())
            {
                continue;
            }

            room.Release();
            threads.Abandon(mapping);
            Abandoned?.Invoke(new Abandonment(mapping.Sources, elapsed, Interlocked.Increment(ref abandoned)));
        }
    }
}
