namespace WorkflowEngine.Expressions.Execution;

/// <summary>A place of the pool and the sandbox in it; an abandoned sandbox loses its place to a new one.</summary>
internal sealed class Lease(Sandbox sandbox)
{
    private const int Resting = 0;
    private const int Running = 1;
    private const int GivenUp = 2;

    private int state;
    private long watched;
    private int looks;

    public Sandbox Sandbox { get; } = sandbox;

    public PreparedMapping? Mapping { get; private set; }

    public bool IsAbandoned => Volatile.Read(ref state) == GivenUp;

    /// <summary>By who has just rented it.</summary>
    public void Begin(PreparedMapping mapping)
    {
        Mapping = mapping;
        Volatile.Write(ref state, Running);
    }

    /// <returns>False when it came back after all, but its place has been given away.</returns>
    public bool End()
    {
        Mapping = null;
        return Interlocked.CompareExchange(ref state, Resting, Running) == Running;
    }

    /// <summary>By the watchdog alone.</summary>
    /// <param name="since">When the running invocation began.</param>
    /// <returns>How often the watchdog has now seen this invocation running.</returns>
    public int Seen(long since)
    {
        if (watched != since) (watched, looks) = (since, 0);
        return ++looks;
    }

    public bool Abandon() => Interlocked.CompareExchange(ref state, GivenUp, Running) == Running;
}
