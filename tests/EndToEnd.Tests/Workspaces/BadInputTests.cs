using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.EndToEnd.Tests.Workspaces;

/// <summary>Bad input gets one clear sentence with what to do; nothing is half done.</summary>
public sealed class BadInputTests
{
    private const string HookFlow = """
        flow: order-to-account
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          name: { type: text }
          total: { type: decimal, optional: true }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.name }
        """;

    [Fact]
    public void An_absent_folder_is_one_sentence_that_names_it()
    {
        var finding = Assert.Single(Load(Path.Combine(Path.GetTempPath(), "no-such-workspace")).Diagnostics);
        Assert.True(finding.IsError);
        Assert.Contains("no-such-workspace", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_flows_is_one_sentence_that_says_what_belongs_there()
    {
        using var folder = new WorkspaceFolder();
        var finding = Assert.Single(Load(folder.Path).Diagnostics);
        Assert.Contains("flows", finding.Message, StringComparison.Ordinal);
        Assert.NotNull(finding.Hint);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var folder = new WorkspaceFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "flows", "a"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "flows", "a", "flow.yaml"), Path.Combine(folder.Path, "gone.yaml"));
        var finding = Assert.Single(Load(folder.Path).Diagnostics, d => d.IsError);
        Assert.EndsWith("flow.yaml", finding.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_does_not_exist_is_told_at_its_place_with_those_there_are()
    {
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write("deployments/customers.yaml", "deployment: customers\ntemplate: customer-to-salesforce\nconnections: { servicetitan: tenant, salesforce: orgg }\n");
        var finding = Assert.Single(Load(folder.Path).Diagnostics, d => d.IsError);
        Assert.Equal((3, "WF5104"), (finding.Position.Line, finding.Code));
        Assert.Contains("'orgg'", finding.Message, StringComparison.Ordinal);
        Assert.Contains("org", finding.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_leaves_the_deployment_inactive_with_one_sentence()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        var folder = WorkspaceFolder.OfCustomers(vendors);
        var used = new TcpListener(IPAddress.Loopback, 0);
        used.Start();
        var free = ((IPEndPoint)used.LocalEndpoint).Port;
        used.Stop();
        folder.Write(
            "connections/org.yaml",
            $"connector: salesforce\nsettings: {{ baseAddress: 'http://127.0.0.1:{free}', allowPrivate: true, timeout: 5 }}\nsecrets: {{ clientId: {{ env: E2E_SF_ID }}, clientSecret: {{ env: E2E_SF_SECRET }} }}\n");
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default));
        Assert.Contains("'org' cannot be opened", Assert.Single(world.Runner.Problems), StringComparison.Ordinal);
        Assert.Empty(world.Host.Runtime.Registry.All);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        using var folder = new WorkspaceFolder();
        await (await FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default)).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES ('29990101000000_FromTheFuture', '99.0.0')";
            await command.ExecuteNonQueryAsync();
        }

        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default));
        Assert.Equal(StorageProblemKind.NewerVersion, problem.Kind);
        Assert.Contains(folder.Database, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_key_is_lost_is_refused_without_a_new_key_beside_it()
    {
        using var folder = new WorkspaceFolder();
        await (await FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default)).DisposeAsync();
        var key = Path.ChangeExtension(folder.Database, ".key");
        var kept = await File.ReadAllBytesAsync(key);
        File.Delete(key);
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default));
        Assert.Equal(StorageProblemKind.MasterKey, problem.Kind);
        Assert.False(File.Exists(key));
        await File.WriteAllBytesAsync(key, kept);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await (await FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default)).DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_another_process_holds_is_refused()
    {
        using var folder = new WorkspaceFolder();
        await using var host = await FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default);
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default));
        Assert.Equal(StorageProblemKind.InUse, problem.Kind);
    }

    [Theory]
    [InlineData("{ \"id\": \"1\", \"name\": { \"nested\": true } }")]
    [InlineData("{ \"id\": \"1\", \"name\": \"A\", \"total\": \"many\" }")]
    [InlineData("[1]")]
    [InlineData("{ \"id\": ")]
    public async Task A_payload_that_does_not_fit_is_422_and_nothing_is_stored(string body)
    {
        await using var world = await HookAsync();
        await using var app = await ServeAsync(world);
        using var client = new HttpClient();
        using var answer = await PostAsync(client, app, WorkspaceFolder.Environment["E2E_HOOK_TOKEN"], body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.False(string.IsNullOrWhiteSpace(problem.RootElement.GetProperty("detail").GetString()));
        Assert.All(await world.Host.View.Inbox.CountAsync(default), b => Assert.Equal(0, b.Ready + b.Behind + b.Delayed));
        Assert.Equal(0, world.Host.Runtime.Counters.Accepted);
    }

    [Fact]
    public async Task A_payload_that_fits_is_202_and_runs_and_a_wrong_token_is_404()
    {
        await using var world = await HookAsync();
        await using var app = await ServeAsync(world);
        using var client = new HttpClient();
        using var wrong = await PostAsync(client, app, "wrong", """{ "id": "1", "name": "Ruiz" }""");
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        using var right = await PostAsync(client, app, WorkspaceFolder.Environment["E2E_HOOK_TOKEN"], """{ "id": "1", "name": "Ruiz", "total": 12.50 }""");
        Assert.Equal(HttpStatusCode.Accepted, right.StatusCode);
        await world.UntilAsync(() => world.Vendors.Created("Account") > 0, "the account is made");
        await world.NoLettersAsync();
    }

    [Fact]
    public async Task An_address_in_use_is_one_sentence()
    {
        await using var world = await HookAsync();
        await using var app = await ServeAsync(world);
        var problem = await Assert.ThrowsAsync<AddressProblemException>(() =>
            ApiServer.StartAsync(world.Host, world.Runner, new ApiServerOptions { Urls = app.Urls.First(), Logs = world.Logs }, default));
        Assert.Contains("--urls", problem.Message, StringComparison.Ordinal);
    }

    private static WorkspaceLoad Load(string folder) => WorkspaceLoad.Read(WorkspaceFiles.Read(folder), EngineWorld.Connectors, name => WorkspaceFolder.Environment.GetValueOrDefault(name));

    private static async Task<EngineWorld> HookAsync()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        var folder = new WorkspaceFolder();
        folder.WriteConnections(vendors);
        folder.Write("flows/orders/flow.yaml", HookFlow);
        folder.Write("deployments/orders.yaml", "deployment: orders\ntemplate: orders\nconnections: { salesforce: org }\nhookToken: { env: E2E_HOOK_TOKEN }\n");
        var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        return world;
    }

    private static Task<Microsoft.AspNetCore.Builder.WebApplication> ServeAsync(EngineWorld world) =>
        ApiServer.StartAsync(world.Host, world.Runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = world.Logs }, default);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Microsoft.AspNetCore.Builder.WebApplication app, string token, string body) =>
        client.PostAsync(new Uri($"{app.Urls.First()}/hooks/orders/{token}"), new StringContent(body, Encoding.UTF8, "application/json"));
}
