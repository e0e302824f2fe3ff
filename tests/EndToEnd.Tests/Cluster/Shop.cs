using System.Net;
using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>A deployment that stands in no file: told to one of several servers through the API, its orders handed to any. Each becomes an Account.</summary>
internal sealed class Shop(ClusterWorld world, string name)
{
    private const string Workspace = "default";

    private readonly List<string> _sent = [];
    private string _hook = "";
    private Guid _id;
    private int _next;

    public string Path => "/api/deployments/" + name;

    /// <summary>Orders that were accepted.</summary>
    public IReadOnlyList<string> Sent => _sent;

    /// <summary>A flow that writes one Account for each order: which version wrote it stands there, and the deployment's parameter.</summary>
    public static string Flow(string version) => $$"""
        flow: orders
        version: {{version}}
        connections: { salesforce: salesforce }
        parameters: { phone: { type: text } }
        input: { id: { type: text } }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.id, Phone: =params.phone, Description: '{{version}}' }
        """;

    /// <summary>A flow that ends what it began: the Account tells which version began it, and its phone which one ended it. Where people are asked, early orders wait for them before anything is written, others behind it.</summary>
    public static string TwoSteps(string version, bool asks)
    {
        string Ask(string when) => asks ? $$"""

              - if: ={{when}}
                wait: { review: Go on? }
                releaseKey: false
            """ : "";
        return $$"""
            flow: orders
            version: {{version}}
            connections: { salesforce: salesforce }
            input: { id: { type: text }, early: { type: boolean, default: false } }
            trigger: { webhook: orders, with: =trigger }
            key: =input.id
            steps:{{Ask("input.early")}}
              - id: account
                create: salesforce/Account
                once: { AccountNumber: =input.id }
                set: { Name: =input.id, Description: '{{version}}' }{{Ask("!input.early")}}
              - update: salesforce/Account
                record: =account.id
                set: { Phone: '{{version}}' }
            """;
    }

    public static Task ConnectAsync(FlowProcess at, string connection, Uri org) => at.TellAsync(HttpMethod.Put, "/api/connections/" + connection, new
    {
        connector = "salesforce", settings = new { baseAddress = org.GetLeftPart(UriPartial.Authority), allowPrivate = "true" },
        secrets = new { clientId = SalesforceSimulator.ClientId, clientSecret = SalesforceSimulator.ClientSecret },
    });

    public static Task UploadAsync(FlowProcess at, string flow) => at.TellAsync(HttpMethod.Put, "/api/templates/orders", new { files = new[] { new { path = "flow.yaml", content = flow } } });

    public async Task DeployAsync(FlowProcess at, string connection, string? phone = null)
    {
        var parameters = new Dictionary<string, string>();
        if (phone is not null) parameters["phone"] = phone;
        await at.TellAsync(HttpMethod.Put, Path, new { template = "orders", connections = new { salesforce = connection }, parameters });
        _id = (Guid)(await world.ReadAsync($"SELECT id FROM deployment WHERE name = '{name}'"))!;
    }

    /// <summary>Lets it take orders, by a token that one server makes.</summary>
    public async Task OpenAsync(FlowProcess at) => _hook = (await at.TellAsync(HttpMethod.Post, Path + "/hook-tokens", new { })).GetProperty("path").GetString()!;

    /// <summary>The one flow of it, as a server runs it; null when that server runs none.</summary>
    public async Task<JsonElement?> AtAsync(FlowProcess server) =>
        await server.AskAsync(Path) is { } told && told.GetProperty("flows") is var flows && flows.GetArrayLength() == 1 ? flows[0] : null;

    /// <summary>The version of the flow that a server runs; null when it runs none.</summary>
    public async Task<string?> VersionAsync(FlowProcess server) => (await AtAsync(server))?.GetProperty("version").GetString();

    /// <summary>Whether a server runs it in a state, and says why.</summary>
    public async Task<bool> IsAsync(FlowProcess server, string state, string? because = null) =>
        await AtAsync(server) is { } flow && flow.GetProperty("state").GetString() == state && flow.GetProperty("pausedBecause").GetString() == because;

    /// <summary>Whether a server takes its calls: it reads what is sent, and an order has an id.</summary>
    public async Task<bool> TakesAsync(FlowProcess server) => await AnswerAsync(server) == HttpStatusCode.UnprocessableEntity;

    /// <summary>What a server answers a call that is no order.</summary>
    public Task<HttpStatusCode> AnswerAsync(FlowProcess server) => server.PostAsync(_hook, "{}");

    /// <summary>Hands one server orders that fall into these lanes.</summary>
    public async Task<IReadOnlyList<string>> OrderAsync(FlowProcess at, IReadOnlySet<int> lanes, int count, bool early = false)
    {
        var orders = new List<string>();
        while (orders.Count < count)
        {
            var order = $"{name}-{++_next}";
            if (!lanes.Contains(Lane.Of(Workspace, _id, order))) continue;
            Assert.Equal(HttpStatusCode.Accepted, await at.PostAsync(_hook, early ? $$"""{ "id": "{{order}}", "early": true }""" : $$"""{ "id": "{{order}}" }"""));
            orders.Add(order);
        }

        _sent.AddRange(orders);
        return orders;
    }

    /// <summary>What wrote the Account of an order: the flow's version, and its phone; null while there is none.</summary>
    public static (string? Version, string? Phone)? Of(SalesforceSimulator org, string order)
    {
        var accounts = org.Records("Account", ["AccountNumber", "Description", "Phone"]).Where(a => a["AccountNumber"] == order).ToList();
        Assert.InRange(accounts.Count, 0, 1);
        return accounts is [var account] ? (account["Description"], account["Phone"]) : null;
    }
}
