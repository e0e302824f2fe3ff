using System.Net;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>
/// Secrets that would be recognised anywhere are planted in every place a connection has for one; flows run over both vendors, which say back all they are told when they fail; then everything
/// that is left behind is searched: logs, traces, exceptions, answers of the API (runs, journal, dead letters, incidents), and the bytes of every file.
/// </summary>
[Collection(Volume.AloneCollection.Name)]
public sealed class SecretScanTests(ITestOutputHelper output)
{
    private const string WebhookKey = "canary-webhook-key-77bb06-0123456789";

    private static readonly Dictionary<string, string> ServiceTitanSecrets = new() { ["canary+st/secret=77bb01&x"] = ServiceTitanSimulator.ClientSecret, ["ak1.canary+77bb02/="] = ServiceTitanSimulator.AppKey };

    private static readonly Dictionary<string, string> SalesforceSecrets = new()
    {
        ["canary+sf/id=77bb03"] = SalesforceSimulator.ClientId, ["canary+sf/secret=77bb04&x"] = SalesforceSimulator.ClientSecret, ["5Aep.canary/77bb05+="] = SalesforceSimulator.RefreshToken,
    };

    [Theory]
    [InlineData("clientCredentials")]
    [InlineData("refreshToken")]
    [InlineData("jwtBearer")]
    public async Task No_secret_and_no_token_is_in_a_log_an_exception_a_trace_an_answer_a_database_or_a_file(string auth)
    {
        using var everything = new Everything();
        var clock = new SkipClock();
        // The world disposes vendors and folder.
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        await using var serviceTitan = await EchoingVendor.StartAsync(vendors.ServiceTitanAddress, ServiceTitanSecrets);
        await using var salesforce = await EchoingVendor.StartAsync(vendors.SalesforceAddress, SalesforceSecrets);
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportPkcs8PrivateKeyPem();
        var folder = Workspace(vendors, serviceTitan.Address, salesforce.Address, auth, key);
        var answers = new StringBuilder();
        var files = new List<(string Path, byte[] Bytes)>();
        await using (var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions(), everything))
        {
            Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
            await world.OpenedAsync();
            await using var server = await ApiServer.StartAsync(world.Host, world.Runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = world.Logs, AllowPrivate = true }, default);
            await world.Host.StartAsync(default);
            using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
            // Every trouble with one way of signing in; with the others what touches signing in.
            await RunAsync(world, serviceTitan, salesforce, auth == "clientCredentials" ? Enum.GetValues<Trouble>() : [Trouble.Refused, Trouble.Rejected]);
            await WebhooksAsync(client, answers, world.Clock.GetUtcNow());
            await SecretSearch.ReadAllAsync(client, answers);
            Assert.NotEmpty(await world.LettersAsync(null));
            await server.StopAsync();
            await world.Host.DisposeAsync();
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(folder.Path)!, "*", SearchOption.AllDirectories)) files.Add((file, await File.ReadAllBytesAsync(file)));
        }

        string[] lines = [.. key.Split('\n').Where(l => l.Length > 20 && !l.StartsWith('-'))];
        string[] planted = [.. ServiceTitanSecrets.Keys, .. auth switch { "clientCredentials" => SalesforceSecrets.Keys.Take(2), "refreshToken" => SalesforceSecrets.Keys, _ => [] }];
        string[] tokens = [.. serviceTitan.Tokens, .. salesforce.Tokens];
        Assert.All(planted, secret => Assert.Contains(secret, serviceTitan.Seen + salesforce.Seen, StringComparison.Ordinal));
        Assert.True(tokens.Length >= 2, "Tokens were handed out.");
        // The vendors' words did come out, without the secrets in them.
        Assert.Contains("Bearer ***", answers.ToString(), StringComparison.Ordinal);
        Assert.All(everything.Texts, text => Assert.NotEqual("", text.Text));
        string[] secrets = [.. planted, WebhookKey, .. lines, .. tokens];
        foreach (var (place, text) in everything.Texts.Append(("an answer of the API", answers.ToString()))) SecretSearch.InText(place, text, secrets);
        Assert.Contains(files, f => f.Path == folder.Database);
        foreach (var (file, bytes) in files)
        {
            SecretSearch.InText(file, Encoding.Latin1.GetString(bytes), secrets);
            SecretSearch.InText(file + " (UTF-16)", Encoding.Unicode.GetString(bytes), secrets);
        }
    }

    /// <summary>A customer for each trouble, so that each has something to say; then all is well again.</summary>
    private async Task RunAsync(EngineWorld world, EchoingVendor serviceTitan, EchoingVendor salesforce, Trouble[] kinds)
    {
        var next = People.FirstId;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        world.Vendors.ServiceTitan.AddCustomer(People.One(next++));
        await world.SettleAsync();
        foreach (var kind in kinds)
        {
            await StepAsync(kind, path => path.Contains("/composite/", StringComparison.Ordinal), path => path.EndsWith("/contacts", StringComparison.Ordinal) && !path.Contains("/export/", StringComparison.Ordinal));
            if (kind != Trouble.Rows) await StepAsync(kind, path => path.EndsWith("/query", StringComparison.Ordinal), path => path.Contains("/export/", StringComparison.Ordinal));
        }

        // Everything is refused, the token too.
        await StepAsync(Trouble.Refused, _ => true, _ => true);

        async Task StepAsync(Trouble kind, Func<string, bool> atSalesforce, Func<string, bool> atServiceTitan)
        {
            // One after the other: what ServiceTitan does not give never reaches Salesforce.
            foreach (var (vendor, where) in new[] { (salesforce, atSalesforce), (serviceTitan, atServiceTitan) })
            {
                if (kind == Trouble.Rows && vendor == serviceTitan) continue;
                vendor.Make(kind, where);
                world.Vendors.ServiceTitan.AddCustomer(People.One(next++));
                await world.UntilAsync(
                    () =>
                    {
                        // Waits of the engine pass at once.
                        world.Clock.Skip(TimeSpan.FromSeconds(1));
                        return vendor.Struck >= (kind is Trouble.Rejected or Trouble.Rows ? 1 : 2);
                    },
                    $"{kind} strikes");
                vendor.Make(null, _ => false);
                for (var i = 0; i < 4; i++)
                {
                    world.Clock.Skip(TimeSpan.FromMinutes(10));
                    await Task.Delay(60);
                }

                await world.SettleAsync();
                output.WriteLine($"{watch.Elapsed.TotalSeconds:N0} s: {kind} at {(vendor == salesforce ? "Salesforce" : "ServiceTitan")} is over");
            }
        }
    }

    private static async Task WebhooksAsync(HttpClient client, StringBuilder answers, DateTimeOffset now)
    {
        // An old call would be refused for its age.
        var told = $$"""{ "specversion": "1.0", "type": "tn.jpm.job-updated", "id": "1", "source": "x", "subject": "77", "time": "{{now:yyyy-MM-ddTHH:mm:ssZ}}", "data": { "tenantId": 1234567890, "job": { "id": 77 } } }""";
        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookKey), Encoding.UTF8.GetBytes(told)));
        foreach (var signature in (string[])[right, new string('0', 64), WebhookKey])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/default/tenant") { Content = new StringContent(told, Encoding.UTF8, "application/cloudevents+json") };
            request.Headers.TryAddWithoutValidation("x-servicetitan-signature", signature);
            using var answer = await client.SendAsync(request);
            Assert.True(signature == right == (answer.StatusCode == HttpStatusCode.OK), $"{(int)answer.StatusCode}");
            answers.AppendLine(await answer.Content.ReadAsStringAsync());
        }
    }

    private static WorkspaceFolder Workspace(Vendors vendors, Uri serviceTitan, Uri salesforce, string auth, string key)
    {
        var folder = WorkspaceFolder.OfCustomers(vendors);
        foreach (var (name, value) in ((string, string)[])
        [
            ("CANARY_ST_SECRET", ServiceTitanSecrets.Keys.First()), ("CANARY_ST_APP_KEY", ServiceTitanSecrets.Keys.Last()), ("CANARY_ST_WEBHOOK", WebhookKey), ("CANARY_SF_ID", SalesforceSecrets.Keys.First()),
            ("CANARY_SF_SECRET", SalesforceSecrets.Keys.ElementAt(1)), ("CANARY_SF_REFRESH", SalesforceSecrets.Keys.Last()), ("CANARY_SF_KEY", key),
        ])
        {
            folder.Own[name] = value;
        }

        folder.Write(
            "connections/tenant.yaml",
            $$"""
            connector: servicetitan
            settings:
              tenant: '1234567890'
              baseAddress: {{serviceTitan.GetLeftPart(UriPartial.Authority)}}
              clientId: {{ServiceTitanSimulator.ClientId}}
              allowPrivate: true
              ratePerSecond: 10000
              feedPause: 0.1
              timeout: 2
            secrets: { clientSecret: { env: CANARY_ST_SECRET }, appKey: { env: CANARY_ST_APP_KEY }, webhookKey: { env: CANARY_ST_WEBHOOK } }
            """);
        var (more, secrets) = auth switch
        {
            "clientCredentials" => ("", "clientId: { env: CANARY_SF_ID }, clientSecret: { env: CANARY_SF_SECRET }"),
            "refreshToken" => (", auth: refreshToken", "clientId: { env: CANARY_SF_ID }, clientSecret: { env: CANARY_SF_SECRET }, refreshToken: { env: CANARY_SF_REFRESH }"),
            // The simulator takes any signature, but not another's name.
            _ => ($", auth: jwtBearer, username: {SalesforceSimulator.Username}", "clientId: { env: E2E_SF_ID }, privateKey: { env: CANARY_SF_KEY }"),
        };
        folder.Write(
            "connections/org.yaml",
            $$"""
            connector: salesforce
            settings: { baseAddress: '{{salesforce.GetLeftPart(UriPartial.Authority)}}', allowPrivate: true, timeout: 2{{more}} }
            secrets: { {{secrets}} }
            """);
        return folder;
    }
}
