namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Records that writes still waiting for their answers hold. Writing a row locks it and its parents.</summary>
internal sealed class ParentLocks(bool enabled, Simulator simulator)
{
    private readonly Dictionary<string, WriteContext> _held = new(StringComparer.Ordinal);

    /// <summary>Null when all could be taken; else the record another call holds.</summary>
    public string? Take(WriteContext context, IEnumerable<string> ids)
    {
        if (!enabled)
        {
            return null;
        }

        foreach (var id in ids)
        {
            if (_held.TryGetValue(id, out var holder) && holder != context)
            {
                return id;
            }

            _held[id] = context;
        }

        context.Request.AfterSending ??= () => Release(context);
        return null;
    }

    public void Clear() => _held.Clear();

    private void Release(WriteContext context)
    {
        lock (simulator.Gate)
        {
            foreach (var id in _held.Where(h => h.Value == context).Select(h => h.Key).ToList())
            {
                _held.Remove(id);
            }
        }
    }
}
