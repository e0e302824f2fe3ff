using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A connection's door to its realm's budget. Before the realm is known the connection has a budget of its own, whose calls then count for the realm.</summary>
public sealed class ConnectionGate(RealmGate own) : ICallGate
{
    private RealmGate _realm = own;

    /// <summary>The realm is known now.</summary>
    public void Bind(RealmGate realm) => Volatile.Write(ref _realm, realm);

    public ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken) =>
        Volatile.Read(ref _realm).EnterAsync(priority, cancellationToken);

    public void Observe(long used, long limit) => Volatile.Read(ref _realm).Observe(used, limit);

    public void Pause(TimeSpan pause) => Volatile.Read(ref _realm).Pause(pause);
}
