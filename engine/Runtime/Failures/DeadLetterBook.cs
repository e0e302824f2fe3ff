namespace WorkflowEngine.Runtime;

/// <summary>Which keys have open dead letters, so that a success of another key costs nothing.</summary>
internal sealed class DeadLetterBook
{
    private const int MostKeys = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, HashSet<string>> _open = [];
    private bool _unknown;

    /// <summary>Reads those open in the store; called at start.</summary>
    public async Task LoadAsync(IDeadLetterStore store, IEnumerable<string> workspaces, CancellationToken cancellationToken)
    {
        foreach (var workspace in workspaces)
        {
            long? before = null;
            for (var count = 0; count < MostKeys;)
            {
                var page = await store.ListAsync(new DeadLetterFilter { Workspace = workspace, Before = before, Limit = 500 }, cancellationToken).ConfigureAwait(false);
                foreach (var letter in page) Opened(letter.Content.Deployment, letter.Content.Key);
                if (page.Count < 500) break;
                before = page[^1].Id;
                count += page.Count;
                _unknown = count >= MostKeys;
            }
        }
    }

    public void Opened(DeploymentRef deployment, string key)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(deployment, out var keys)) _open[deployment] = keys = [];
            keys.Add(key);
        }
    }

    /// <summary>True when the key may have open dead letters that a success closes.</summary>
    public bool Close(DeploymentRef deployment, string key)
    {
        lock (_gate) return _unknown || (_open.TryGetValue(deployment, out var keys) && keys.Remove(key));
    }
}
