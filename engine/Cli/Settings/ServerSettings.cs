using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Cluster;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using static WorkflowEngine.Cli.ServerTable;

namespace WorkflowEngine.Cli;

/// <summary>The settings of a server, whole and checked. Made only when nobody said anything wrong.</summary>
internal sealed class ServerSettings
{
    private const int KeyLength = 32;

    private readonly SettingsReader _said;

    private ServerSettings(SettingsReader said) => _said = said;

    /// <summary>The folder that is followed; null = none.</summary>
    public string? Folder => _said.Value(ServerTable.ApiOnly, false) ? null : _said.Value(ServerTable.Workspace, ".");

    /// <summary>A SQLite file, or <c>postgres:</c> and a connection string.</summary>
    public string Database { get; private set; } = "";

    public string? KeyFile => _said.Find(ServerTable.KeyFile)?.Text;

    /// <summary>The master key, when it was given instead of a file.</summary>
    public byte[]? MasterKey { get; private set; }

    public long? MostDatabaseBytes => _said.Find(DbLimit) is null ? null : (long)(_said.Value(DbLimit, 0) * 1_000_000_000);

    public string Urls => string.Join(';', _said.Value(ServerTable.Urls, [ServerOption.Default]));

    public X509Certificate2? Certificate { get; private set; }

    /// <summary>How this server joins others; null = it runs alone.</summary>
    public ClusterOptions? Cluster { get; private set; }

    public AccessOptions Access { get; private set; } = new();

    public bool AllowPrivate => _said.Value(ServerTable.AllowPrivate, false) || !Access.IsConfigured;

    public Uri? Otlp => _said.Find(ServerTable.Otlp) is { } given ? (Uri?)ServerTable.Otlp.Read(given.Text) : null;

    public LogLevel LogLevel => _said.Value(ServerTable.LogLevel, "info") switch { "debug" => LogLevel.Debug, "warn" => LogLevel.Warning, "error" => LogLevel.Error, _ => LogLevel.Information };

    public bool JsonLogs => _said.Value(LogForm, "text") == "json";

    public RuntimeOptions Runtime => new()
    {
        Drain = _said.Value(Drain, TimeSpan.FromSeconds(6)), KeepJournal = _said.Value(KeepJournal, TimeSpan.FromDays(30)), KeepRuns = _said.Value(KeepRuns, TimeSpan.FromDays(365)),
        Window = (int)_said.Value(Runs, 1_000), WindowPerConnection = (int)_said.Value(Runs, 1_000), MostWaiting = _said.Value(Waiting, 2_000_000),
    };

    /// <summary>The settings of a server; what is wrong is added to the mistakes.</summary>
    public static ServerSettings OfServer(SettingsReader said)
    {
        var settings = new ServerSettings(said);
        settings.CheckFolder();
        settings.CheckDatabase();
        settings.CheckCluster();
        settings.CheckAccess();
        settings.CheckAddresses();
        return settings;
    }

    /// <summary>Only where the database is and what opens it.</summary>
    public static ServerSettings OfDatabase(SettingsReader said)
    {
        var settings = new ServerSettings(said);
        if (said.Find(Db) is null && said.Find(DbFrom) is null && said.Find(ServerTable.Workspace) is null) said.Add(SettingDiagnostics.Needs(SourceSpan.None, "The key", "a database to be made in", "Say where it is: --db FILE, or the server's settings: --config FILE."));
        settings.CheckDatabase();
        return settings;
    }

    private void CheckFolder()
    {
        var (folder, apiOnly) = (_said.Find(ServerTable.Workspace), _said.Find(ServerTable.ApiOnly));
        if (_said.Value(ServerTable.ApiOnly, false))
        {
            if (folder is not null) _said.Add(SettingDiagnostics.Together(folder.Place, folder.Said, $"{apiOnly!.Said} ({apiOnly.Origin})", "Give one of the two."));
            if (_said.Find(Db) is null && _said.Find(DbFrom) is null) _said.Add(SettingDiagnostics.Needs(apiOnly!.Place, apiOnly.Said, "db or dbFrom", "Without a workspace folder say where the database is: --db FILE."));
            return;
        }

        var path = Folder!;
        var place = folder?.Place ?? SourceSpan.None;
        if (!Directory.Exists(path)) _said.Add(SettingDiagnostics.Unreadable(place, path, "there is no such folder."));
        else if (!Directory.Exists(Path.Combine(path, "flows"))) _said.Add(SettingDiagnostics.Unreadable(place, path, "a workspace has a folder 'flows'; with --api-only none is needed."));
    }

    private void CheckDatabase()
    {
        var (db, from) = (_said.Find(Db), _said.Find(DbFrom));
        if (db is not null && from is not null) _said.Add(SettingDiagnostics.Together(from.Place, from.Said, $"{db.Said} ({db.Origin})", "Give one of the two."));
        Database = db?.Text ?? (from is null ? Path.Combine(Folder ?? ".", "flow.db") : FirstLine(from) ?? "");
        if (Database.Length > 0 && HostDatabase.ProblemOf(Database) is { } unfit) _said.Add(SettingDiagnostics.Unsafe((db ?? from)!.Place, unfit) with { HidesSource = true });
        if (MostDatabaseBytes is not null && ConnectionText.IsServer(Database)) _said.Add(SettingDiagnostics.Together(_said.Find(DbLimit)!.Place, _said.Find(DbLimit)!.Said, "PostgreSQL", "It bounds a SQLite file."));

        if (_said.Find(ServerTable.MasterKey) is not { } key) return;
        if (_said.Find(ServerTable.KeyFile) is { } file) _said.Add(SettingDiagnostics.Together(file.Place, file.Said, $"{key.Said} ({key.Origin})", "Give one of the two."));
        var bytes = new byte[KeyLength];
        if (Convert.TryFromBase64String(key.Text.Trim(), bytes, out var length) && length == KeyLength) MasterKey = bytes;
        else _said.Add(SettingDiagnostics.Unfit(key.Place, ServerTable.MasterKey, key.Said, Setting.Hidden));
    }

    private void CheckCluster()
    {
        var (address, port, certificate, key, password) = (_said.Find(NodeAddress), _said.Find(NodePort), _said.Find(NodeCertificate), _said.Find(NodeKey), _said.Find(NodePassword));
        var listen = _said.Find(NodeListen);
        if (!_said.Value(ServerTable.Cluster, false))
        {
            foreach (var alone in new[] { address, port, listen, certificate, key, password }.OfType<Given>()) _said.Add(SettingDiagnostics.Needs(alone.Place, alone.Said, "cluster", "A server that runs alone has no others."));
            return;
        }

        var cluster = _said.Find(ServerTable.Cluster)!;
        if (!ConnectionText.IsServer(Database)) _said.Add(SettingDiagnostics.Needs(cluster.Place, cluster.Said, "a PostgreSQL database", "A SQLite file is one process's: --db postgres:CONNECTION_STRING."));
        var proof = certificate is null ? null : ReadCertificate(certificate, key, password);
        if (certificate is null) foreach (var alone in new[] { key, password }.OfType<Given>()) _said.Add(SettingDiagnostics.Needs(alone.Place, alone.Said, "node.certificate", "Name the certificate's file."));
        Cluster = new ClusterOptions
        {
            ConnectionString = ConnectionText.IsServer(Database) ? Database[ConnectionText.Server.Length..] : "", Address = _said.Value(NodeAddress, IPAddress.Loopback), Port = (int)_said.Value(NodePort, 11_111),
            Listen = listen is null ? null : (IPEndPoint?)NodeListen.Read(listen.Text), Certificate = proof,
        };
        if (certificate is null && ClusterNode.ProblemOf(Cluster) is { } problem) _said.Add(SettingDiagnostics.Unsafe((address ?? listen ?? cluster).Place, problem));
    }

    private void CheckAccess()
    {
        var ways = _said.Value(Auth, []);
        var (authority, audience) = (_said.Find(Authority), _said.Find(Audience));
        OidcOptions? oidc = null;
        if (ways.Contains("oidc"))
        {
            var auth = _said.Find(Auth)!;
            if (authority is null) _said.Add(SettingDiagnostics.Needs(auth.Place, $"{auth.Said} with oidc", "oidc.authority", "Say which provider: its address, such as https://login.example.com."));
            else if (Authority.Read(authority.Text) is Uri { Scheme: not "https", IsLoopback: false }) _said.Add(SettingDiagnostics.Unsafe(authority.Place, $"{authority.Said} is an https address: the keys that prove tokens come from there."));
            if (audience is null) _said.Add(SettingDiagnostics.Needs(auth.Place, $"{auth.Said} with oidc", "oidc.audience", "Say what tokens for this server name as their audience."));
            oidc = new OidcOptions(authority?.Text ?? "", audience?.Text ?? "")
            {
                WorkspaceClaim = _said.Value(WorkspaceClaim, "flow_workspace"), RoleClaim = _said.Value(RoleClaim, "flow_role"),
            };
        }
        else
        {
            foreach (var alone in new[] { authority, audience, _said.Find(WorkspaceClaim), _said.Find(RoleClaim) }.OfType<Given>())
            {
                _said.Add(SettingDiagnostics.Needs(alone.Place, alone.Said, "auth with oidc", "Without it no token is taken."));
            }
        }

        Access = new AccessOptions
        {
            Keys = ways.Contains("keys"), Oidc = oidc, BehindProxy = _said.Value(BehindProxy, false), Rate = _said.Value(Rate, 50), Burst = (int)_said.Value(Burst, 200),
            HookRate = _said.Value(HookRate, 1_000), Wrong = (int)_said.Value(Wrong, 30),
        };
    }

    private void CheckAddresses()
    {
        var urls = _said.Find(ServerTable.Urls);
        var addresses = _said.Value(ServerTable.Urls, [ServerOption.Default]);
        foreach (var problem in addresses.Select(a => ServerAddress.ProblemOf(a, Access)).OfType<string>()) _said.Add(SettingDiagnostics.Unsafe(urls!.Place, problem));
        var secure = addresses.Any(a => a.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        var (certificate, key, password) = (_said.Find(ServerTable.Certificate), _said.Find(CertificateKey), _said.Find(CertificatePassword));
        if (certificate is null)
        {
            if (secure) _said.Add(SettingDiagnostics.Needs(urls!.Place, $"{urls.Said} with https", "tls.certificate", "Name the certificate's file, or let a proxy in front end TLS: behindProxy."));
            foreach (var alone in new[] { key, password }.OfType<Given>()) _said.Add(SettingDiagnostics.Needs(alone.Place, alone.Said, "tls.certificate", "Name the certificate's file."));
            return;
        }

        if (!secure) _said.Add(SettingDiagnostics.Needs(certificate.Place, certificate.Said, "an https address in urls", "Without one it is not used."));
        Certificate = ReadCertificate(certificate, key, password);
    }

    /// <summary>A certificate with its key; what is wrong with it is added to the mistakes.</summary>
    private X509Certificate2? ReadCertificate(Given certificate, Given? key, Given? password)
    {
        try
        {
            var read = Load(certificate.Text, key?.Text, password?.Text);
            if (!read.HasPrivateKey) _said.Add(SettingDiagnostics.Needs(certificate.Place, certificate.Said, "its private key", $"Name the key's file: {certificate.Setting.Name.Replace("certificate", "key", StringComparison.Ordinal)}."));
            else if (read.NotAfter.ToUniversalTime() < TimeProvider.System.GetUtcNow()) _said.Add(SettingDiagnostics.Unreadable(certificate.Place, certificate.Text, $"the certificate ended on {read.NotAfter.ToUniversalTime():yyyy-MM-dd}."));
            return read;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            _said.Add(SettingDiagnostics.Unreadable(
                certificate.Place, certificate.Text, $"no certificate with its key can be read from it{(password is null ? "" : $", or {password.Setting.Name} is wrong")}: {e.Message.TrimEnd('.')}."));
            return null;
        }
    }

    private static X509Certificate2 Load(string path, string? key, string? password)
    {
        if (Path.GetExtension(path) is ".pfx" or ".p12") return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        return password is null ? X509Certificate2.CreateFromPemFile(path, key) : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
    }

    private string? FirstLine(Given from)
    {
        try
        {
            var line = File.ReadLines(from.Text).FirstOrDefault()?.Trim();
            if (line is { Length: > 0 }) return line;
            _said.Add(SettingDiagnostics.Unreadable(from.Place, from.Text, "it is empty."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _said.Add(SettingDiagnostics.Unreadable(from.Place, from.Text, e.Message));
        }

        return null;
    }
}
