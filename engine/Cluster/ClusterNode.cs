using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Cluster;

/// <summary>One process among several that share a database: finds the others, and takes, runs and gives back the lanes it is assigned.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private const string Name = "workflow-engine";

    private readonly IHost _silo;
    private readonly LaneKeeper _keeper;
    private readonly NodeBell _bell;
    private readonly IPlacementGrain _placement;
    private readonly Expulsion _expulsion;
    private readonly BudgetKeeper _budgets;

    private ClusterNode(IHost silo, LaneKeeper keeper, BudgetKeeper budgets, NodeBell bell, IPlacementGrain placement, Expulsion expulsion) =>
        (_silo, _keeper, _budgets, _bell, _placement, _expulsion) = (silo, keeper, budgets, bell, placement, expulsion);

    /// <summary>The node's name in leases and logs; another one with each start.</summary>
    public string Node => _keeper.Node;

    /// <summary>Joins the others. The runtime is started already; it gets its lanes from now on.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="ownership">What the runtime asks.</param>
    /// <param name="leases">The leases of the shared database.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="budgets">The budgets of this node's realms.</param>
    /// <param name="logs">Where to log.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<ClusterNode> JoinAsync(
        ClusterOptions options, LaneOwnership ownership, LeaseStore leases, EngineRuntime runtime, RealmBudgets budgets, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (ProblemOf(options) is { } problem) throw new ArgumentException(problem, nameof(options));
        var expulsion = new Expulsion(logs.CreateLogger<ClusterNode>());
        var silo = Build(options, expulsion, logs);
        try
        {
            await silo.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            silo.Dispose();
            throw;
        }

        var grains = silo.Services.GetRequiredService<IGrainFactory>();
        var node = silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        var placement = grains.GetGrain<IPlacementGrain>(IPlacementGrain.Only);
        var bells = grains.GetGrain<IBellGrain>(IPlacementGrain.Only);
        var bell = new NodeBell(runtime, node, () => bells, TimeProvider.System);
        bell.Start();
        var reference = grains.CreateObjectReference<IBell>(bell);
        var keeper = new LaneKeeper(node, ownership, leases, runtime, placement, () => bells.ListenAsync(node, reference), TimeProvider.System, logs.CreateLogger<LaneKeeper>());
        keeper.Start();
        var shares = new BudgetKeeper(node, budgets, realm => grains.GetGrain<IBudgetGrain>(realm), () => keeper.Nodes, TimeProvider.System, logs.CreateLogger<BudgetKeeper>());
        shares.Start();
        return new ClusterNode(silo, keeper, shares, bell, placement, expulsion);
    }

    /// <summary>Why nodes cannot be joined so; null when they can.</summary>
    public static string? ProblemOf(ClusterOptions options) =>
        options.Certificate is null && !(IPAddress.IsLoopback(options.Address) && IPAddress.IsLoopback(options.Listen?.Address ?? options.Address))
            ? $"Nodes that reach each other over {(IPAddress.IsLoopback(options.Address) ? options.Listen!.Address : options.Address)} must prove who they are: give all of them the same certificate, or join them over loopback."
            : options.Certificate is { HasPrivateKey: false } ? "The certificate of the nodes has no private key." : null;

    /// <summary>Completes when this node has no part in the others any more: they took it for dead. Its process should end and be started again.</summary>
    public Task Expelled => _expulsion.Happened;

    /// <summary>Gives the lanes back, once nothing of them is in memory: call it before the runtime is stopped.</summary>
    public async Task LeaveAsync(TimeSpan most)
    {
        try
        {
            await _placement.LeaveAsync(Node).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // They find out by themselves.
        }

        await _keeper.LeaveAsync(most).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _bell.Dispose();
        await _budgets.DisposeAsync().ConfigureAwait(false);
        await _keeper.DisposeAsync().ConfigureAwait(false);
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _silo.StopAsync(soon.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A silo that was cut off cannot say goodbye.
        }

        _silo.Dispose();
    }

    private static IHost Build(ClusterOptions options, Expulsion expulsion, ILoggerFactory logs)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = Name });
        builder.Services.AddSingleton<ILoggerFactory>(new ClusterLogs(logs));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IFatalErrorHandler>(expulsion);
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(database =>
            {
                database.Invariant = "Npgsql";
                database.ConnectionString = options.ConnectionString;
            });
            silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Name, Name));
            silo.Configure<EndpointOptions>(endpoint =>
            {
                (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (options.Address, options.Port, 0);
                endpoint.SiloListeningEndpoint = options.Listen ?? new IPEndPoint(options.Address, options.Port);
            });

            // A dead node is known after three seconds, a frozen one too: its connections stay open, so it would be asked for four times as long if the probes could grow.
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.MaxProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 3;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
                membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
            });
            if (options.Certificate is { } certificate) silo.UseTls(tls => Prove(tls, certificate));
        });
        return builder.Build();
    }

    /// <summary>Both sides show the one certificate of the cluster; no other is taken, whoever signed it.</summary>
    private static void Prove(TlsOptions tls, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        tls.LocalCertificate = certificate;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificate;
        (tls.RemoteCertificateMode, tls.ClientCertificateMode) = (RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
        tls.RemoteCertificateValidation = (shown, _, _) => CryptographicOperations.FixedTimeEquals(shown.GetCertHash(HashAlgorithmName.SHA256), certificate.GetCertHash(HashAlgorithmName.SHA256));
        tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = Name;
    }
}
