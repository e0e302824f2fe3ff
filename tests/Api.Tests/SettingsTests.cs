using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Cli;

namespace WorkflowEngine.Api.Tests;

/// <summary>Settings of the server: by a file, by the environment, by the command line; checked as one.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Begin = "<!-- settings: written by SettingsTests -->\n";
    private const string End = "<!-- end of settings -->";

    private readonly string _folder = Directory.CreateTempSubdirectory("flow-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_environment_overrules_a_file_and_the_command_line_overrules_both()
    {
        var file = Write("server.yaml", "urls: [http://127.0.0.1:1, http://localhost:2]\nlimits:\n  rate: 7\n  burst: 70\n  wrong: 5\nlog: { level: warn }\n");
        var said = Read(new() { ["FLOW_SERVER_LIMITS_RATE"] = "8", ["FLOW_SERVER_LIMITS_BURST"] = "80", ["FLOW_SERVER_OTLP"] = "" }, ("config", file), ("limits.burst", "90"));
        Assert.Empty(said.Mistakes);
        Assert.Equal((8, 90, 5), (said.Value(ServerTable.Rate, 0), said.Value(ServerTable.Burst, 0), said.Value(ServerTable.Wrong, 0)));
        Assert.Equal(["http://127.0.0.1:1", "http://localhost:2"], said.Value(ServerTable.Urls, []));
        Assert.Equal("FLOW_SERVER_LIMITS_RATE", said.Find(ServerTable.Rate)!.Origin);
        Assert.Equal("--limits-burst", said.Find(ServerTable.Burst)!.Origin);
        Assert.Equal($"{file}:5", said.Find(ServerTable.Wrong)!.Origin);
        // Empty is how scripts say nothing.
        Assert.Null(said.Find(ServerTable.Otlp));
    }

    [Fact]
    public void All_mistakes_of_all_three_places_are_told_at_once_with_their_place_what_was_expected_and_a_hint()
    {
        var file = Write("server.yaml", "ulrs: http://127.0.0.1:1\nlimits:\n  rat: 7\n  burst: many\nlog: { level: loud }\noidc: yes\nauth: [keys, ldap]\n");
        var said = SettingsReader.Read(
            [new OptionText("--config", ServerTable.Config, [file], []), new OptionText("--keep-journl", null, [], ["--keep-journal"]), new OptionText("--drain", ServerTable.Drain, ["1h"], []), new OptionText("--db", ServerTable.Db, [], [])],
            new Dictionary<string, string> { ["FLOW_SERVER_DB_LIMT"] = "3", ["FLOW_SERVER_DB_LIMIT"] = "0.1", ["FLOW_API_KEY"] = "not the server's" });
        var told = string.Join("\n", said.Told());
        foreach (var sentence in new[]
        {
            $"{file}:1:1: error WF5201: There is no setting 'ulrs'.\n    hint: Did you mean 'urls'?", $"{file}:3:3: error WF5201: There is no setting 'limits.rat'.\n    hint: Did you mean 'limits.rate'?",
            $"{file}:4:10: error WF5202: 'limits.burst' must be a whole number from 1 to 1000000; 'many' is not.", "    hint: Without it: 200.",
            $"{file}:5:15: error WF5202: 'log.level' must be one of debug, info, warn, error; 'loud' is not.", $"{file}:6:1: error WF5201: There is no setting 'oidc'.",
            $"{file}:7:7: error WF5202: 'auth' must be one or more of keys, oidc; 'keys;ldap' is not.",
            "FLOW_SERVER_DB_LIMT: error WF5201: There is no setting 'FLOW_SERVER_DB_LIMT'.\n    hint: Did you mean 'FLOW_SERVER_DB_LIMIT'?", "FLOW_SERVER_DB_LIMIT: error WF5202: FLOW_SERVER_DB_LIMIT must be a number from 0.5 to 1000000; '0.1' is not.",
            "--keep-journl: error WF5201: There is no setting '--keep-journl'.\n    hint: Did you mean '--keep-journal'?", "--drain: error WF5202: --drain must be a duration from 0s to 5m, such as 6s; '1h' is not.", "--db: error WF5203: --db needs one value",
        })
        {
            Assert.Contains(sentence, told, StringComparison.Ordinal);
        }

        Assert.Equal(11, said.Mistakes.Count);
    }

    [Theory]
    [InlineData("apiOnly=true", "needs db or dbFrom")]
    [InlineData("apiOnly=true|db=a.db|workspace=.", "workspace does not go together with --api-only (--api-only)")]
    [InlineData("workspace=nowhere", "'nowhere' cannot be used: there is no such folder")]
    [InlineData("workspace=EMPTY", "a workspace has a folder 'flows'")]
    [InlineData("apiOnly=true|db=a.db|dbFrom=b", "does not go together with --db")]
    [InlineData("apiOnly=true|dbFrom=nowhere", "'nowhere' cannot be used")]
    [InlineData("apiOnly=true|db=postgres:Host=h|dbLimit=2", "does not go together with PostgreSQL")]
    [InlineData("apiOnly=true|db=postgres:", "--db: error WF5208: The connection string of the database is missing")]
    [InlineData("apiOnly=true|db=postgres:Database=flow", "names no host")]
    [InlineData("apiOnly=true|db=postgres:Host~h;Password~c4n4ry", "--db: error WF5208: The connection string of the database cannot be read")]
    [InlineData("apiOnly=true|db=postgres:Host=h;Pasword=c4n4ry|urls=http://0.0.0.0:1", "cannot be read", "is not. Use http")]
    [InlineData("apiOnly=true|db=a.db|auth=oidc", "--auth with oidc needs oidc.authority", "--auth with oidc needs oidc.audience")]
    [InlineData("apiOnly=true|db=a.db|auth=oidc|oidc.authority=http://login.example.com|oidc.audience=flow", "is an https address")]
    [InlineData("apiOnly=true|db=a.db|oidc.audience=flow", "needs auth with oidc")]
    [InlineData("apiOnly=true|db=a.db|urls=http://0.0.0.0:1;http://192.0.2.7:2", "'http://0.0.0.0:1' is not", "'http://192.0.2.7:2' is not")]
    [InlineData("apiOnly=true|db=a.db|urls=https://127.0.0.1:1", "--urls with https needs tls.certificate")]
    [InlineData("apiOnly=true|db=a.db|urls=https://127.0.0.1:1|tls.certificate=nowhere.pem", "no certificate with its key can be read")]
    [InlineData("apiOnly=true|db=a.db|tls.key=a.pem", "--tls-key needs tls.certificate")]
    [InlineData("apiOnly=true|db=a.db|cluster=true", "--cluster needs a PostgreSQL database")]
    [InlineData("apiOnly=true|db=a.db|node.port=4000|node.listen=127.0.0.1:1", "--node-port needs cluster", "--node-listen needs cluster")]
    [InlineData("apiOnly=true|db=postgres:Host=h|cluster=true|node.address=10.0.0.7", "over 10.0.0.7 must prove who they are")]
    [InlineData("apiOnly=true|db=postgres:Host=h|cluster=true|node.listen=0.0.0.0:4000", "over 0.0.0.0 must prove who they are")]
    [InlineData("apiOnly=true|db=postgres:Host=h|cluster=true|node.certificate=nowhere.pfx", "no certificate with its key can be read")]
    [InlineData("apiOnly=true|db=postgres:Host=h|cluster=true|node.key=a.pem", "--node-key needs node.certificate")]
    public void Settings_that_do_not_fit_each_other_are_told_where_they_were_said(string options, params string[] says)
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        var said = Read([], [.. options.Split('|').Select(o => o.Split('=', 2)).Select(o => (o[0], o[1].Replace("EMPTY", empty, StringComparison.Ordinal)))]);
        ServerSettings.OfServer(said);
        var told = said.Told();
        Assert.Equal(says.Length, told.Count);
        Assert.DoesNotContain(told, t => t.Contains("c4n4ry", StringComparison.Ordinal));
        Assert.All(says, s => Assert.Contains(told, t => t.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_stands_in_no_file_and_is_shown_nowhere()
    {
        const string canary = "c4n4ry-of-the-settings";
        var file = Write("server.yaml", $"masterKey: {canary}\ndb: postgres:Host=h;Password={canary}\ntls: {{ password: {canary} }}\npassword: {canary}\nx: '{canary}\n");
        var broken = Read([], ("config", file));
        ServerSettings.OfServer(broken);
        Assert.True(broken.Mistakes.Count > 0);
        var whole = Write("whole.yaml", $"masterKey: {canary}\ndb: postgres:Host=h;Password={canary}\ntls: {{ password: {canary} }}\npassword: {canary}\n");
        var said = Read(new() { ["FLOW_SERVER_MASTER_KEY"] = canary, ["FLOW_SERVER_TLS_PASSWORD"] = canary }, ("config", whole), ("apiOnly", "true"), ("db", $"postgres:Host=h;Username=u;Password={canary}"), ("keyFile", "k"));
        ServerSettings.OfServer(said);
        var told = string.Join("\n", said.Told());
        Assert.Contains($"{whole}:1:1: error WF5204: A secret must not stand in 'masterKey' of a file.", told, StringComparison.Ordinal);
        Assert.Contains("Give it by the environment: FLOW_SERVER_MASTER_KEY, or name its file: keyFile.", told, StringComparison.Ordinal);
        Assert.Contains($"{whole}:2:5: error WF5204: A secret must not stand in 'db' of a file.", told, StringComparison.Ordinal);
        Assert.Contains("WF5204: A secret must not stand in 'tls.password'", told, StringComparison.Ordinal);
        Assert.Contains("FLOW_SERVER_MASTER_KEY must be", told, StringComparison.Ordinal);
        Assert.Contains("--key-file does not go together with FLOW_SERVER_MASTER_KEY", told, StringComparison.Ordinal);

        var output = new StringWriter();
        foreach (var json in new[] { false, true }) SettingsView.Show(new Terminal(output, output, interactive: false), said, json);
        Assert.Contains("FLOW_SERVER_TLS_PASSWORD", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Username=u", output.ToString(), StringComparison.OrdinalIgnoreCase);
        foreach (var text in new[] { string.Join("\n", broken.Told()), told, output.ToString(), string.Join(' ', said.Given.Values) }) Assert.DoesNotContain(canary, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_names_lies_where_the_file_says_and_a_connection_string_may_lie_in_a_file_of_its_own()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "etc"));
        Write("etc/secret", "postgres:Host=h;Password=p\n");
        var key = RandomNumberGenerator.GetBytes(32);
        var said = Read(new() { ["FLOW_SERVER_MASTER_KEY"] = Convert.ToBase64String(key) }, ("config", Write("etc/server.json", """{ "apiOnly": true, "dbFrom": "secret", "drain": "20s", "keep": { "runs": "90d" } }""")));
        var settings = ServerSettings.OfServer(said);
        Assert.Empty(said.Told());
        Assert.Equal("postgres:Host=h;Password=p", settings.Database);
        Assert.Equal(key, settings.MasterKey);
        Assert.Null(settings.Folder);
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromDays(90)), (settings.Runtime.Drain, settings.Runtime.KeepRuns));
        Assert.Equal(Path.Combine(_folder, "etc", "a.db"), ServerSettings.OfServer(Read([], ("config", Write("etc/two.yaml", "apiOnly: true\ndb: a.db\n")))).Database);
    }

    [Fact]
    public void Without_a_word_the_settings_are_those_the_page_tells()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "flows"));
        var said = Read([], ("workspace", _folder));
        var settings = ServerSettings.OfServer(said);
        Assert.Empty(said.Mistakes);
        var plain = new Runtime.RuntimeOptions();
        Assert.Equal(plain with { Drain = TimeSpan.FromSeconds(6) }, settings.Runtime);
        Assert.Equal(new AccessOptions(), settings.Access);
        Assert.Equal(("http://127.0.0.1:5080", Path.Combine(_folder, "flow.db")), (settings.Urls, settings.Database));
        Assert.True(settings.AllowPrivate);
        // A default that is told as a value is one.
        Assert.All(ServerTable.All.Where(s => s != ServerTable.Urls && s.Otherwise.Length > 0 && char.IsAsciiDigit(s.Otherwise[0])), s => Assert.NotNull(s.Read(s.Otherwise)));
        Assert.Equal((50d, 200L, 1_000d, 30L, 2_000_000L, 1_000L), ((double)ServerTable.Rate.Read(ServerTable.Rate.Otherwise)!, (long)ServerTable.Burst.Read(ServerTable.Burst.Otherwise)!,
            (double)ServerTable.HookRate.Read(ServerTable.HookRate.Otherwise)!, (long)ServerTable.Wrong.Read(ServerTable.Wrong.Otherwise)!, (long)ServerTable.Waiting.Read(ServerTable.Waiting.Otherwise)!, (long)ServerTable.Runs.Read(ServerTable.Runs.Otherwise)!));
    }

    [Fact]
    public async Task The_page_of_settings_is_the_one_the_table_tells()
    {
        var page = new StringBuilder("| In a file | Environment | Command line | Means | Takes | Without it |\n|---|---|---|---|---|---|\n");
        foreach (var s in ServerTable.All) page.Append($"| `{s.Name}` | `{s.Variable}` | {(s.IsSecret ? "(never)" : $"`{s.Option}`")} | {s.Description} | {s.Expected} | {s.Otherwise} |\n");
        var file = Path.Combine(Repository(), "engine", "docs", "operations.md");
        var text = await File.ReadAllTextAsync(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1") await File.WriteAllTextAsync(file, text[..from] + page + text[to..]);
        Assert.True(page.ToString() == (await File.ReadAllTextAsync(file))[from..^(text.Length - to)], "The table of settings in operations.md is not what the code says: run .ci/write.");
    }

    [Fact]
    public void Every_name_is_one_in_all_three_places()
    {
        Assert.Equal(ServerTable.All.Count, ServerTable.All.Select(s => s.Variable).Distinct().Count());
        Assert.Equal(ServerTable.All.Count, ServerTable.All.Select(s => s.Option).Distinct().Count());
        Assert.Equal(("FLOW_SERVER_OIDC_WORKSPACE_CLAIM", "--oidc-workspace-claim"), (ServerTable.WorkspaceClaim.Variable, ServerTable.WorkspaceClaim.Option));
    }

    private static SettingsReader Read(Dictionary<string, string> environment, params (string Name, string Text)[] options) =>
        SettingsReader.Read([.. options.Select(o => ServerTable.All.Append(ServerTable.Config).Single(s => s.Name == o.Name)).Zip(options, (s, o) => new OptionText(s.Option, s, [o.Text], []))], environment);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository.");
    }
}
