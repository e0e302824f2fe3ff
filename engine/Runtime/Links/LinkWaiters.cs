namespace WorkflowEngine.Runtime;

/// <summary>Runs that wait until another run's create is answered.</summary>
internal sealed class LinkWaiters(IInboxStore inbox)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LinkKey, List<Waiter>> _waiting = [];

    public Waiter Register(long eventId, IReadOnlyList<LinkKey> keys)
    {
        var waiter = new Waiter(eventId, keys);
        lock (_gate)
        {
            foreach (var key in keys)
            {
                if (!_waiting.TryGetValue(key, out var list)) _waiting[key] = list = [];
                list.Add(waiter);
            }
        }

        return waiter;
    }

    public void Forget(Waiter waiter)
    {
        lock (_gate) Remove(waiter);
    }

    /// <summary>The keys were linked or given up: who waits for them may match again.</summary>
    public async Task AnsweredAsync(IReadOnlyList<LinkKey> keys)
    {
        List<long>? wake = null;
        lock (_gate)
        {
            foreach (var key in keys)
            {
                if (!_waiting.TryGetValue(key, out var list)) continue;
                foreach (var waiter in list.ToArray())
                {
                    waiter.Answered = true;
                    (wake ??= []).Add(waiter.EventId);
                    Remove(waiter);
                }
            }
        }

        if (wake is not null) await inbox.WakeAsync(wake, CancellationToken.None).ConfigureAwait(false);
        if (wake is not null) Woken?.Invoke();
    }

    /// <summary>The waiter's event is delayed durably now; an answer that came meanwhile wakes it.</summary>
    public async Task ParkedAsync(Waiter waiter)
    {
        if (!waiter.Answered) return;
        await inbox.WakeAsync([waiter.EventId], CancellationToken.None).ConfigureAwait(false);
        Woken?.Invoke();
    }

    public event Action? Woken;

    private void Remove(Waiter waiter)
    {
        foreach (var key in waiter.Keys)
        {
            if (!_waiting.TryGetValue(key, out var list)) continue;
            list.Remove(waiter);
            if (list.Count == 0) _waiting.Remove(key);
        }
    }
}

/// <summary>One waiting run.</summary>
internal sealed class Waiter(long eventId, IReadOnlyList<LinkKey> keys)
{
    private volatile bool _answered;

    public long EventId { get; } = eventId;

    public IReadOnlyList<LinkKey> Keys { get; } = keys;

    public bool Answered
    {
        get => _answered;
        set => _answered = value;
    }
}
