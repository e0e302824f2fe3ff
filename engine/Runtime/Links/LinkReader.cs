namespace WorkflowEngine.Runtime;

/// <summary>Joins the questions of many runs: while one query is under way the next one fills.</summary>
internal sealed class LinkReader(ILinkStore store, TimeProvider time)
{
    private readonly Lock _gate = new();
    private List<(IReadOnlyList<LinkKey> Keys, TaskCompletionSource<IReadOnlyList<LinkRow>> Done)> _waiting = [];
    private bool _reading;

    /// <summary>All links of a record.</summary>
    public Task<IReadOnlyList<LinkRow>> OfRecordAsync(string workspace, string realm, string entity, string record) =>
        store.OfRecordAsync(workspace, realm, entity, record, CancellationToken.None);

    public Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys)
    {
        if (keys.Count == 0) return Task.FromResult<IReadOnlyList<LinkRow>>([]);
        var done = new TaskCompletionSource<IReadOnlyList<LinkRow>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((keys, done));
            if (_reading) return done.Task;
            _reading = true;
        }

        _ = ReadAsync();
        return done.Task;
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        while (true)
        {
            List<(IReadOnlyList<LinkKey> Keys, TaskCompletionSource<IReadOnlyList<LinkRow>> Done)> asked;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _reading = false;
                    return;
                }

                asked = _waiting;
                _waiting = [];
            }

            try
            {
                var all = new HashSet<LinkKey>();
                foreach (var (keys, _) in asked) all.UnionWith(keys);
                var rows = await store.FindAsync([.. all], time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
                var byKey = new Dictionary<LinkKey, LinkRow>(rows.Count);
                foreach (var row in rows) byKey[row.Key] = row;
                foreach (var (keys, done) in asked)
                {
                    List<LinkRow>? own = null;
                    foreach (var key in keys)
                    {
                        if (byKey.TryGetValue(key, out var row)) (own ??= []).Add(row);
                    }

                    done.SetResult(own ?? (IReadOnlyList<LinkRow>)[]);
                }
            }
            catch (Exception e)
            {
                foreach (var (_, done) in asked) done.TrySetException(e);
            }
        }
    }
}
