using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>Deployments of one org that write the same fields, or answer each other's writes, are told before they run.</summary>
public sealed class SharedFieldTests
{
    private const string Other = "deployment: other\ntemplate: other\nconnections: { salesforce: org }\nhookToken: { env: HOOK_TOKEN }\n";

    private static readonly string OtherFlow = Flows.Orders.Replace("flow: orders", "flow: other", StringComparison.Ordinal);

    [Fact]
    public async Task Two_writers_of_a_field_are_a_warning_that_the_deployment_answers()
    {
        await using var world = await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/other/flow.yaml"] = OtherFlow, ["deployments/other.yaml"] = Other });
        await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Put, "/api/templates/orders", new { files = new[] { new { path = "flow.yaml", content = Flows.Orders } } }));
        var warning = Assert.Single(await WarningsAsync(world, new { template = "orders", connections = new { salesforce = "org" } }));
        Assert.Equal("The deployments 'shop' and 'other' both write Account.AccountNumber, Account.Name, Account.Phone: each undoes what the other wrote.", warning.GetProperty("message").GetString());
        Assert.Contains("sharedFields: [Account.AccountNumber, Account.Name, Account.Phone]", warning.GetProperty("hint").GetString(), StringComparison.Ordinal);

        var shared = Assert.Single((await DryAsync(world, new { template = "orders", connections = new { salesforce = "org" } })).GetProperty("shared").EnumerateArray());
        Assert.Equal("""{"deployments":["shop","other"],"cycle":false,"fields":["Account.AccountNumber","Account.Name","Account.Phone"]}""", shared.GetRawText());

        var some = new { template = "orders", connections = new { salesforce = "org" }, sharedFields = new[] { "Account.AccountNumber", "Account.Phone" } };
        Assert.Contains("both write Account.Name:", Assert.Single(await WarningsAsync(world, some)).GetProperty("message").GetString(), StringComparison.Ordinal);
        var all = some with { sharedFields = ["Account.AccountNumber", "Account.Name", "Account.Phone"] };
        Assert.Empty(await WarningsAsync(world, all));

        // It is a warning: nobody is kept from it.
        var made = await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Put, "/api/deployments/shop", some));
        Assert.Equal("created", made.GetProperty("result").GetString());
        Assert.StartsWith("fields of other: The deployments 'other' and 'shop' both write Account.Name:", Assert.Single(await FieldChecksAsync(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_fields_are_counted_by_record_type_and_told_whole_beside_the_warning()
    {
        var wide = Flows.Orders.Replace("Phone: '555'", "Phone: '555', Fax: '556', Site: here, Sic: '11', Industry: Energy", StringComparison.Ordinal);
        await using var world = await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/other/flow.yaml"] = wide.Replace("flow: orders", "flow: other", StringComparison.Ordinal), ["deployments/other.yaml"] = Other });
        await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Put, "/api/templates/orders", new { files = new[] { new { path = "flow.yaml", content = wide } } }));
        var dry = await DryAsync(world, new { template = "orders", connections = new { salesforce = "org" } });
        var warning = Assert.Single(dry.GetProperty("diagnostics").EnumerateArray(), d => d.GetProperty("code").GetString() == "WF5140");
        Assert.Equal("The deployments 'shop' and 'other' both write Account (7 fields: AccountNumber, Fax, Industry, …): each undoes what the other wrote.", warning.GetProperty("message").GetString());
        Assert.Contains("All 7 names", warning.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, Assert.Single(dry.GetProperty("shared").EnumerateArray()).GetProperty("fields").GetArrayLength());
    }

    [Theory]
    [InlineData("", "accounts → contacts → accounts")]
    [InlineData("sharedFields: [Contact.Title]\n", null)]
    public async Task Flows_whose_writes_begin_each_others_runs_are_told_with_the_way_round(string answer, string? way)
    {
        await using var world = await ApiWorld.StartAsync(new Dictionary<string, string>
        {
            ["flows/accounts/flow.yaml"] = """
                flow: accounts
                version: 1.0.0
                connections: { salesforce: salesforce }
                input: salesforce/Account
                trigger: { on: salesforce/Account.changed, with: =trigger }
                steps:
                  - update: salesforce/Contact
                    where: { AccountId: =input.Id }
                    all: true
                    set: { Title: =input.Phone }
                """,
            ["deployments/accounts.yaml"] = "deployment: accounts\ntemplate: accounts\nconnections: { salesforce: org }\n" + answer,
            ["flows/contacts/flow.yaml"] = """
                flow: contacts
                version: 1.0.0
                connections: { salesforce: salesforce }
                input: salesforce/Contact
                trigger: { on: salesforce/Contact.changed, with: =trigger }
                steps:
                  - if: =input.AccountId === null
                    stop: It belongs to no account.
                  - update: salesforce/Account
                    record: =input.AccountId
                    set: { Phone: =input.Title }
                """,
            ["deployments/contacts.yaml"] = "deployment: contacts\ntemplate: contacts\nconnections: { salesforce: org }\n",
        });
        var told = await FieldChecksAsync(world);
        if (way is null) Assert.Empty(told);
        else Assert.Contains(told, c => c.Contains(way, StringComparison.Ordinal) && c.Contains("Account.Phone, Contact.Title", StringComparison.Ordinal));
    }

    private static async Task<JsonElement> DryAsync(ApiWorld world, object request) => await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Put, "/api/deployments/shop?dryRun=true", request));

    private static async Task<IReadOnlyList<JsonElement>> WarningsAsync(ApiWorld world, object request)
    {
        var dry = await DryAsync(world, request);
        return [.. dry.GetProperty("diagnostics").EnumerateArray().Where(d => d.GetProperty("code").GetString() == "WF5140")];
    }

    private static async Task<IReadOnlyList<string>> FieldChecksAsync(ApiWorld world) =>
    [
        .. (await world.GetAsync("/api/doctor")).GetProperty("data").EnumerateArray()
            .Select(c => $"{c.GetProperty("check").GetString()}: {c.GetProperty("message").GetString()}").Where(c => c.StartsWith("fields of", StringComparison.Ordinal)),
    ];
}
