namespace WorkflowEngine.Expressions.Execution;

/// <summary>A place of the pool and the sandbox in it; an abandoned sandbox loses its place to a new one.</summary>
internal sealed class Lease(Sandbox sandbox)
{
    private int state;

    public Sandbox Sandbox { get; } = sandbox;

    public PreparedMapping? Mapping { get; set; }

    public bool IsAbandoned => Volatile.Read(ref state) == 1;

    public bool Abandon() => Interlocked.CompareExchange(ref state, 1, 0) == 0;
}
