using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Storage.Tests;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>Several real processes over one real PostgreSQL database, and both vendors in this process.</summary>
internal sealed class ClusterWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource _data;
    private readonly string _database;
    private readonly WorkspaceFolder _folder;
    private readonly string _keyFile;
    private readonly string _certificate;
    private readonly bool _kept;

    private ClusterWorld(Vendors vendors, string database, bool kept)
    {
        (Vendors, _folder, _database, _kept) = (vendors, kept ? new WorkspaceFolder() : WorkspaceFolder.OfCustomers(vendors), database, kept);
        _data = NpgsqlDataSource.Create(database);
        _keyFile = Path.Combine(Path.GetDirectoryName(_folder.Path)!, "shared.key");
        _certificate = Path.Combine(Path.GetDirectoryName(_folder.Path)!, "nodes.pfx");
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=nodes", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllBytes(_certificate, certificate.Export(X509ContentType.Pkcs12));
    }

    public Vendors Vendors { get; }

    public List<FlowProcess> Nodes { get; } = [];

    /// <summary>The way on which others reach each node.</summary>
    public List<NodeGate> Gates { get; } = [];

    /// <param name="nodes">How many nodes there are at first.</param>
    /// <param name="latency">Milliseconds that each answer of a vendor takes at least.</param>
    /// <param name="kept">Nothing stands in files: the API keeps it all.</param>
    public static async Task<ClusterWorld> StartAsync(int nodes, int latency, bool kept = false)
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync());
        var name = $"flow_{Guid.NewGuid():N}";
        await using (var admin = new NpgsqlConnection(server.ConnectionString))
        {
            await admin.OpenAsync();
            await using var make = new NpgsqlCommand($"CREATE DATABASE {name}", admin);
            await make.ExecuteNonQueryAsync();
        }

        server.Database = name;
        var vendors = await Vendors.StartAsync(TimeProvider.System, latency: latency);
        Fields.Prepare(vendors);
        var world = new ClusterWorld(vendors, server.ConnectionString, kept);
        for (var i = 0; i < nodes; i++) world.Join();
        return world;
    }

    /// <summary>One more node.</summary>
    public FlowProcess Join()
    {
        var gate = new NodeGate();
        var node = FlowProcess.StartNode(_folder, _database, _keyFile, _certificate, gate.Behind, gate.Port, _kept);
        Nodes.Add(node);
        Gates.Add(gate);
        return node;
    }

    /// <summary>A node whose own port somebody has already.</summary>
    public FlowProcess JoinAt(int taken) => FlowProcess.StartNode(_folder, _database, _keyFile, _certificate, taken, taken);

    /// <summary>Until something holds; the nodes' output is told when it does not.</summary>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="patience">How long; null = as long as a busy machine may need.</param>
    public async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? patience = null)
    {
        var (waited, most) = (Stopwatch.StartNew(), patience ?? Patience);
        while (!await HoldsAsync())
        {
            if (waited.Elapsed > most) Assert.Fail($"Not in {most.TotalSeconds} s: {what}. Lanes: {string.Join(", ", await LanesAsync())}\n{string.Join("\n---\n", Nodes.Select(n => n.Output))}");
            await Task.Delay(Look);
        }

        async Task<bool> HoldsAsync()
        {
            try
            {
                return await holds();
            }
            catch (NpgsqlException)
            {
                // Its tables are not made yet, or it drops everybody.
                return false;
            }
        }
    }

    /// <summary>How many lanes each owner holds; of nobody: <c>-</c>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LanesAsync()
    {
        var lanes = new Dictionary<string, long>();
        await using var reader = await _data.CreateCommand("SELECT COALESCE(owner, '-'), count(*) FROM lane_lease GROUP BY 1").ExecuteReaderAsync();
        while (await reader.ReadAsync()) lanes.Add(reader.GetString(0), reader.GetInt64(1));
        return lanes;
    }

    /// <summary>A node's API answers.</summary>
    public Task AnswersAsync(FlowProcess node) => UntilAsync(
        async () =>
        {
            if (node.HasExited) Assert.Fail($"It ended: {node.Output}");
            return await node.AskAsync("/health/live") is not null;
        },
        "a server answers");

    /// <summary>The lanes a node holds now.</summary>
    public async Task<IReadOnlySet<int>> LanesOfAsync(FlowProcess node)
    {
        // Nodes are called by the address at which the others reach them.
        await using var command = _data.CreateCommand("SELECT lane FROM lane_lease WHERE owner LIKE $1");
        command.Parameters.AddWithValue($"%:{Gates[Nodes.IndexOf(node)].Port}@%");
        var lanes = new HashSet<int>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lanes.Add(reader.GetInt32(0));
        return lanes;
    }

    /// <summary>Lanes are spread evenly over so many nodes.</summary>
    public Task SpreadAsync(int nodes) => UntilAsync(
        async () => await LanesAsync() is var lanes && lanes.Count == nodes && !lanes.ContainsKey("-") && lanes.Values.Max() - lanes.Values.Min() <= 1, $"the lanes are spread over {nodes} nodes");

    /// <summary>Nothing is accepted and not settled.</summary>
    public async Task<bool> IsSettledAsync() => await CountAsync("SELECT count(*) FROM event") == 0;

    public async Task<long> CountAsync(string sql) => (long)(await ReadAsync(sql))!;

    /// <summary>One value of the database; null when there is none.</summary>
    public async Task<object?> ReadAsync(string sql)
    {
        await using var command = _data.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The server drops every connection, as at a restart.</summary>
    public async Task CutConnectionsAsync()
    {
        await using var command = _data.CreateCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            if (!node.HasExited) node.Signal("CONT");
            await node.DisposeAsync();
        }

        foreach (var gate in Gates) await gate.DisposeAsync();
        await _data.DisposeAsync();
        await Vendors.DisposeAsync();
        _folder.Dispose();
    }
}
