using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>All connections of a workspace: bound once, opened when a deployment needs them, shared by its deployments.</summary>
public sealed class ConnectionBook(
    string workspace, IReadOnlyList<IConnector> connectors, RealmBudgets budgets, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Names of the connections, with their connector.</summary>
    public IReadOnlyDictionary<string, string> Names => _entries.ToDictionary(e => e.Key, e => e.Value.Settings.Connector);

    /// <summary>Adds a connection, or replaces one whose settings changed; returns true when it is new or changed.</summary>
    /// <param name="settings">The connection.</param>
    /// <param name="entities">The connector's entities with the fields the workspace's flows and metadata add.</param>
    public bool Put(ConnectionSettings settings, IReadOnlyList<EntityDescriptor> entities)
    {
        if (_entries.TryGetValue(settings.Name, out var known) && known.Same(settings, entities)) return false;
        var connector = connectors.First(c => c.Descriptor.Name == settings.Connector);
        var gate = budgets.NewGate();
        var connection = connector.Connect(settings, new ConnectorContext { Time = time, Gate = gate, Entities = entities, Seed = settings.Name.Length });
        _entries[settings.Name] = new Entry(settings, entities, connector.Descriptor, gate, connection);
        return true;
    }

    /// <summary>A connection's settings, with its secrets; null when there is none.</summary>
    internal ConnectionSettings? SettingsOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Settings : null;

    /// <summary>Whether a connection stands with just these settings and secrets.</summary>
    public bool IsSame(ConnectionSettings settings) => _entries.TryGetValue(settings.Name, out var entry) && entry.SaysSame(settings);

    /// <summary>A connection for people: its settings, and the names of its secrets.</summary>
    public (IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Secrets) Describe(string name) =>
        _entries.TryGetValue(name, out var entry) ? (entry.Settings.Settings, [.. entry.Settings.Secrets.Keys.Order(StringComparer.Ordinal)]) : (new Dictionary<string, string>(), []);

    /// <summary>The realm of a connection that was opened; null when it was not.</summary>
    public string? RealmOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Bound?.Realm : null;

    /// <summary>Opens the same account once more, apart from what runs, to see whether it works now.</summary>
    public async Task<Outcome<ConnectionInfo>> TestAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        var connector = connectors.First(c => c.Descriptor.Name == settings.Connector);
        var connection = connector.Connect(settings, new ConnectorContext { Time = time, Gate = budgets.NewGate(), Seed = settings.Name.Length });
        await using (connection.ConfigureAwait(false)) return await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a vendor's webhook to this connection hints at, and the connection's realm; null when there is no such connection or it was not opened.</summary>
    public (Outcome<IReadOnlyList<WebhookHint>> Hints, string Realm)? ReadWebhook(string name, WebhookCall call) =>
        _entries.TryGetValue(name, out var entry) && entry.Bound is { } bound ? (entry.Connection.ReadWebhook(call), bound.Realm) : null;

    /// <summary>Takes a connection away; no deployment may use it.</summary>
    public async Task RemoveAsync(string name)
    {
        if (_entries.TryRemove(name, out var entry)) await entry.Connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Connections that tell people of incidents, by name.</summary>
    public IReadOnlyList<(string Name, IAlertChannel Channel)> AlertChannels =>
        [.. _entries.Where(e => e.Value.Connection.Alerts is not null).Select(e => (e.Key, e.Value.Connection.Alerts!)).OrderBy(e => e.Key, StringComparer.Ordinal)];

    /// <summary>Whether there is a connection of this name.</summary>
    public bool Knows(string name) => _entries.ContainsKey(name);

    /// <summary>Opens a connection: finds its realm. An open one is given back at once.</summary>
    public async Task<Outcome<BoundConnection>> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var entry = _entries[name];
        if (entry.Bound is { } bound) return bound;
        var opened = await entry.Connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded) return opened.Error;
        budgets.Bind(entry.Gate, opened.Value);
        entry.Bound = new BoundConnection
        {
            Name = name, Workspace = workspace, Realm = opened.Value.Realm, Descriptor = entry.Descriptor, Connection = entry.Connection, Settle = entry.Settle,
        };
        return entry.Bound;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _entries.Values) await entry.Connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Entry(
        ConnectionSettings settings, IReadOnlyList<EntityDescriptor> entities, ConnectorDescriptor descriptor, ConnectionGate gate, IConnection connection)
    {
        public ConnectionSettings Settings { get; } = settings;

        public ConnectorDescriptor Descriptor { get; } = descriptor;

        public ConnectionGate Gate { get; } = gate;

        public IConnection Connection { get; } = connection;

        public BoundConnection? Bound { get; set; }

        /// <summary>The connector's settle time, unless the connection says otherwise in seconds.</summary>
        public TimeSpan Settle { get; } =
            settings.Settings.TryGetValue("settle", out var text) && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : descriptor.Settle;

        public bool SaysSame(ConnectionSettings other) => Equal(Settings.Settings, other.Settings) && Equal(Settings.Secrets, other.Secrets) && Settings.Connector == other.Connector;

        public bool Same(ConnectionSettings other, IReadOnlyList<EntityDescriptor> otherEntities) =>
            SaysSame(other) && entities.Count == otherEntities.Count && entities.Zip(otherEntities).All(p => p.First.Name == p.Second.Name && p.First.Fields.Count == p.Second.Fields.Count);

        private static bool Equal(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
            a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var value) && value == p.Value);
    }
}
