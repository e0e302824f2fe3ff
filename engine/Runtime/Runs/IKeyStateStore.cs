namespace WorkflowEngine.Runtime;

/// <summary>Reads what is remembered of keys.</summary>
public interface IKeyStateStore
{
    /// <summary>States of the keys that have one.</summary>
    Task<IReadOnlyDictionary<EventKey, KeyState>> ReadAsync(IReadOnlyList<EventKey> keys, CancellationToken cancellationToken);
}
