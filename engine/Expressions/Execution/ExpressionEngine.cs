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
    private const int MostAbandoned = 2;

    // The time to abandonment is four looks. A process that was stopped finds all of it gone at its first look, and gives its expressions the next ones.
    private const int LooksBeforeAbandonment = 3;

    private readonly ExpressionEngineOptions options;
    private readonly Lease?[] free;
    private readonly Lease?[] all;
    private readonly SemaphoreSlim room;
    private readonly Lock replacing = new();
    private readonly EngineThreads threads;
    private readonly ITimer watchdog;
    private readonly CancellationTokenSource worn = new();
    private int abandoned;
    private int waiting;

    public ExpressionEngine(ExpressionEngineOptions? options = null)
    {
        this.options = options ?? new ExpressionEngineOptions();
        free = new Lease?[this.options.Engines];
        all = new Lease?[this.options.Engines];
        room = new SemaphoreSlim(0);
        threads = new EngineThreads(this.options.Threads);
        var look = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond * 10, this.options.Limits.Abandon.Ticks / 4));
        watchdog = this.options.Time.CreateTimer(_ => Watch(), null, look, look);
    }

    /// <summary>Raised once for each invocation that did not come back, on a thread of the pool.</summary>
    public event Action<Abandonment>? Abandoned;

    /// <summary>Cancelled at the second invocation that did not come back: the process should end gracefully and be started again, since only that frees their threads.</summary>
    public CancellationToken Worn => worn.Token;

    public int AbandonedCount => Volatile.Read(ref abandoned);

    /// <param name="mapping">The prepared expressions.</param>
    /// <param name="arguments">The values of <see cref="PreparedMapping.Names"/>, in order.</param>
    public EvaluationResult Invoke(PreparedMapping mapping, params ReadOnlySpan<object?> arguments)
    {
        if (mapping.Problem is { } problem)
        {
            return new EvaluationResult(new EvaluationError(EvaluationErrorKind.Invalid, problem.Message, mapping.ProblemIndex, problem.Start));
        }

        return mapping.Directs.Length > 0 ? Mixed(mapping, arguments) : Scripted(mapping, arguments, 0);
    }

    /// <summary>What can be answered on the values as they stand first; if one of them cannot, the engine answers all.</summary>
    private EvaluationResult Mixed(PreparedMapping mapping, ReadOnlySpan<object?> arguments)
    {
        var directs = mapping.Directs;
        var values = new object?[directs.Length];
        var characters = 0L;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < values.Length; i++)
        {
            if (directs[i] is not { } direct)
            {
                continue;
            }

            var value = DirectExpression.Result(direct(arguments));
            characters += value is string text ? text.Length : 0;
            if (ReferenceEquals(value, DirectExpression.Undecided) || characters > options.Limits.Characters
                || GC.GetAllocatedBytesForCurrentThread() - before > options.Limits.Memory)
            {
                return Scripted(mapping, arguments, 0);
            }

            values[i] = value;
        }

        if (mapping.Rest is not { } rest)
        {
            return new EvaluationResult(values);
        }

        var result = Scripted(rest, arguments, (int)characters);
        var positions = mapping.RestPositions;
        if (!result.Succeeded)
        {
            return result.Error.ExpressionIndex < 0 ? result : new EvaluationResult(result.Error with { ExpressionIndex = positions[result.Error.ExpressionIndex] });
        }

        for (var i = 0; i < positions.Length; i++)
        {
            values[positions[i]] = result.Values[i];
        }

        return new EvaluationResult(values);
    }

    private EvaluationResult Scripted(PreparedMapping mapping, ReadOnlySpan<object?> arguments, int characters)
    {
        return mapping.IsUnchecked || mapping.IsSuspect || !RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? threads.Run(this, mapping, arguments.ToArray())
            : RunHere(mapping, arguments, characters);
    }

    public void Dispose()
    {
        watchdog.Dispose();
        threads.Dispose();
        room.Dispose();
    }

    internal EvaluationResult RunHere(PreparedMapping mapping, ReadOnlySpan<object?> arguments, int characters = 0)
    {
        var lease = TryTake() ?? Rent();
        lease.Begin(mapping);
        try
        {
            return lease.Sandbox.Run(mapping, arguments, characters);
        }
        finally
        {
            Return(lease);
        }
    }

    private Lease? TryTake()
    {
        for (var i = 0; i < free.Length; i++)
        {
            if (Volatile.Read(ref free[i]) is not null && Interlocked.Exchange(ref free[i], null) is { } lease)
            {
                return lease;
            }
        }

        return null;
    }

    /// <summary>An engine that is new, or that somebody gives back.</summary>
    private Lease Rent()
    {
        Interlocked.Increment(ref waiting);
        try
        {
            while (true)
            {
                if ((TryTake() ?? TryMake()) is { } lease)
                {
                    return lease;
                }

                room.Wait();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private Lease? TryMake()
    {
        lock (replacing)
        {
            var slot = Array.FindIndex(all, l => l is null or { IsAbandoned: true });
            return slot < 0 ? null : all[slot] = new Lease(new Sandbox(options.Limits, options.Time, slot));
        }
    }

    private void Return(Lease lease)
    {
        if (!lease.End())
        {
            return;
        }

        // There are as many places as engines, so one is free; another thread may take the one just seen.
        for (var i = 0; Volatile.Read(ref free[i]) is not null || Interlocked.CompareExchange(ref free[i], lease, null) is not null;)
        {
            i = (i + 1) % free.Length;
        }

        Wake();
    }

    /// <summary>Who waits for an engine looks again. One wake too many costs a look, one too few would cost a caller.</summary>
    private void Wake()
    {
        if (Volatile.Read(ref waiting) > 0)
        {
            room.Release();
        }
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
            if (lease.Seen(since) < LooksBeforeAbandonment || elapsed < options.Limits.Abandon || lease.Mapping is not { } mapping || !lease.Abandon())
            {
                continue;
            }

            mapping.IsSuspect = true;
            var count = Interlocked.Increment(ref abandoned);
            Wake();
            threads.Abandon(mapping);
            Abandoned?.Invoke(new Abandonment(mapping.Sources, elapsed, count));
            if (count == MostAbandoned) worn.Cancel();
        }
    }
}
