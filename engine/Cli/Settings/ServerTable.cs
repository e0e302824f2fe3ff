using System.Net;
using static WorkflowEngine.Cli.SettingKinds;

namespace WorkflowEngine.Cli;

/// <summary>Every setting of the server, said once: files, variables, options, checks and the page of documentation follow from here.</summary>
internal static class ServerTable
{
    /// <summary>Says which file is read; it stands in no file itself.</summary>
    public static readonly Setting<string> Config = Path("config", "The file of settings to read, YAML or JSON");

    public static readonly Setting<string> Workspace = Path("workspace", "The folder with flows/, connections/ and deployments/ to follow", "the folder you stand in");
    public static readonly Setting<bool> ApiOnly = Flag("apiOnly", "Follow no folder: run what was deployed through the API. Needs db or dbFrom");

    public static readonly Setting<string> Db = new("db", "A SQLite file, or postgres:CONNECTION_STRING", "a path, or postgres: and a connection string", "flow.db in the workspace", t => t) { IsPath = true };
    public static readonly Setting<string> DbFrom = Path("dbFrom", "A file whose first line is what db would be: for a connection string with a password");
    public static readonly Setting<double> DbLimit = Number("dbLimit", "The SQLite file grows to this many GB at most; a quarter of a GB stays free for what was accepted", 0.5, 1_000_000, "as far as the disk");
    public static readonly Setting<string> KeyFile = Path("keyFile", "The master key's file, made at the first start with mode 0600", "beside the SQLite file; flow.key with PostgreSQL");
    public static readonly Setting<string> MasterKey = Secret("masterKey", "The master key itself: 32 random bytes in base64");

    public static readonly Setting<bool> Cluster = Flag("cluster", "Several servers share the PostgreSQL database and its work; each says how the others reach it");
    public static readonly Setting<IPAddress> NodeAddress = Ip("node.address", "The IP address at which the other servers of the cluster reach this one; beyond loopback node.certificate is needed", "127.0.0.1");
    public static readonly Setting<long> NodePort = Count("node.port", "The port at which the other servers of the cluster reach this one", 1, 65_535, "11111");
    public static readonly Setting<IPEndPoint> NodeListen = EndPoint("node.listen", "Where this server listens for the others, when that is not where they reach it: a port that is forwarded", "0.0.0.0:11111");
    public static readonly Setting<string> NodeCertificate = Path("node.certificate", "What the servers of the cluster prove themselves with to each other, the same for all: PEM, or PKCS #12 (.pfx, .p12)");
    public static readonly Setting<string> NodeKey = Path("node.key", "That certificate's private key in PEM, when it stands in a file of its own");
    public static readonly Setting<string> NodePassword = Secret("node.password", "The password of that certificate or its key");

    public static readonly Setting<string[]> Urls = Addresses("urls", "Addresses to listen on; loopback only unless auth says how callers prove who they are", ServerOption.Default);
    public static readonly Setting<string> Certificate = Path("tls.certificate", "The certificate for https addresses: PEM, or PKCS #12 (.pfx, .p12)");
    public static readonly Setting<string> CertificateKey = Path("tls.key", "The certificate's private key in PEM, when it stands in a file of its own");
    public static readonly Setting<string> CertificatePassword = Secret("tls.password", "The password of the certificate or its key");
    public static readonly Setting<bool> BehindProxy = Flag("behindProxy", "A proxy in front ends TLS: plain http is taken on any address");

    public static readonly Setting<string[]> Auth = Several("auth", "How callers prove who they are: API keys, bearer tokens of an OpenID Connect provider, or both", "nobody has to, on loopback", "keys", "oidc");
    public static readonly Setting<Uri> Authority = Address("oidc.authority", "The address of the OpenID Connect provider", "https://login.example.com");
    public static readonly Setting<string> Audience = Text("oidc.audience", "The audience that tokens must name");
    public static readonly Setting<string> WorkspaceClaim = Text("oidc.workspaceClaim", "The claim that names the workspace", "flow_workspace");
    public static readonly Setting<string> RoleClaim = Text("oidc.roleClaim", "The claim that names the role", "flow_role");

    public static readonly Setting<double> Rate = Number("limits.rate", "Requests a second of one credential, over time", 0.1, 100_000, "50");
    public static readonly Setting<long> Burst = Count("limits.burst", "Requests of one credential at once", 1, 1_000_000, "200");
    public static readonly Setting<double> HookRate = Number("limits.hookRate", "Inbound calls a second of one token; ten times as many at once", 0.1, 1_000_000, "1000");
    public static readonly Setting<long> Wrong = Count("limits.wrong", "Wrong credentials of one address at once; then one every two seconds", 1, 100_000, "30");
    public static readonly Setting<long> Waiting = Count("limits.waiting", "Events that may wait in the inbox", 1, 100_000_000, "2000000");
    public static readonly Setting<long> Runs = Count("limits.runs", "Runs in memory", 1, 10_000, "1000");

    public static readonly Setting<bool> AllowPrivate = Flag("allowPrivate", "Connections made through the API may reach private addresses (always allowed without auth)");
    public static readonly Setting<TimeSpan> Drain = Duration("drain", "How long a stop waits for the runs in memory; then they are parked", "0s", "5m", "6s");
    public static readonly Setting<TimeSpan> KeepJournal = Duration("keep.journal", "How long the explanation of each step is kept", "1h", "3650d", "30d");
    public static readonly Setting<TimeSpan> KeepRuns = Duration("keep.runs", "How long the rows of runs and their effects are kept", "1h", "3650d", "365d");

    public static readonly Setting<Uri> Otlp = Address("otlp", "Where traces, metrics and logs are sent by OTLP", "http://127.0.0.1:4317");
    public static readonly Setting<string> LogLevel = Word("log.level", "The least that is logged", "info", "debug", "info", "warn", "error");
    public static readonly Setting<string> LogForm = Word("log.form", "Lines for people, or one JSON object a line", "text", "text", "json");

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Workspace, ApiOnly, Db, DbFrom, DbLimit, KeyFile, MasterKey, Cluster, NodeAddress, NodePort, NodeListen, NodeCertificate, NodeKey, NodePassword, Urls, Certificate, CertificateKey, CertificatePassword, BehindProxy, Auth, Authority, Audience, WorkspaceClaim, RoleClaim,
        Rate, Burst, HookRate, Wrong, Waiting, Runs, AllowPrivate, Drain, KeepJournal, KeepRuns, Otlp, LogLevel, LogForm,
    ];

    /// <summary>Those that say where the database is and what opens it.</summary>
    public static IReadOnlyList<Setting> OfDatabase { get; } = [Workspace, Db, DbFrom, KeyFile, MasterKey];
}
