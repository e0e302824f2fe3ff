using System.Collections.Concurrent;
using System.Text.Json;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class TenantFixture : SimulatorFixture<ServiceTitanSimulator>
{
    private static readonly ConcurrentDictionary<string, OpenApiDocument> Documents = new();

    public const string Crm = "/crm/v2/tenant/1234567890";
    public const string Settings = "/settings/v2/tenant/1234567890";
    public const string Home = """{ "street": "2214 Alder Ridge Rd", "unit": null, "city": "Boise", "state": "ID", "zip": "83702", "country": "USA" }""";

    public static async Task<TenantFixture> Start(Func<SimulatorOptions, SimulatorOptions>? configure = null, bool signIn = true)
    {
        var fixture = new TenantFixture();
        await fixture.StartAsync(o => new ServiceTitanSimulator(o), configure);
        if (signIn)
        {
            await fixture.SignIn();
        }

        return fixture;
    }

    public Task<HttpReply> AskToken(string id = ServiceTitanSimulator.ClientId, string secret = ServiceTitanSimulator.ClientSecret) =>
        Form("/connect/token", ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret));

    public async Task SignIn() => Token = (await AskToken()).Expect(200).Json.GetProperty("access_token").GetString();

    public static string NewCustomer(string name, string contacts = "[]", string extra = "") =>
        $$"""{ "name": "{{name}}", "address": {{Home}}, "contacts": {{contacts}}, "locations": [ { "name": "Home", "address": {{Home}} } ] {{extra}} }""";

    public async Task<long> Create(string name, string contacts = "[]", string extra = "") =>
        (await Post($"{Crm}/customers", NewCustomer(name, contacts, extra))).Expect(200).Json.GetProperty("id").GetInt64();

    public static long[] Ids(HttpReply reply) => [.. reply.Expect(200).Json.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("id").GetInt64())];

    public const string Jpm = "/jpm/v2/tenant/1234567890";
    public const string Dispatch = "/dispatch/v2/tenant/1234567890";
    public const string Accounting = "/accounting/v2/tenant/1234567890";
    public const string Memberships = "/memberships/v2/tenant/1234567890";
    public const string Visit = """{ "start": "2026-10-05T15:00:00Z", "end": "2026-10-05T17:00:00Z", "arrivalWindowStart": "2026-10-05T15:00:00Z", "arrivalWindowEnd": "2026-10-05T17:00:00Z", "technicianIds": [ 3044 ] }""";

    /// <summary>What jobs refer to: a unit, a job type, a campaign, two technicians, reasons, a tag and a custom field.</summary>
    public void SetUp()
    {
        Put("businessUnits", 9020, ("name", "Plumbing Service"));
        Put("businessUnits", 9021, ("name", "Heating"));
        Put("jobTypes", 1187, ("name", "Water Heater Repair"));
        Put("campaignCategories", 70, ("name", "Online"));
        Put("campaigns", 655, ("name", "Website"), ("businessUnitId", 9020), ("categoryId", 70));
        Put("technicians", 3044, ("name", "Ruben Ortega"), ("businessUnitId", 9020));
        Put("technicians", 3051, ("name", "Ines Falk"));
        Put("employees", 501, ("name", "Mara Lind"), ("email", "mara@example.com"));
        Put("jobCancelReasons", 11, ("name", "Customer changed their mind"));
        Put("jobHoldReasons", 21, ("name", "Waiting for parts"));
        Put("tagTypes", 771, ("name", "VIP"));
        Put("customFieldTypes", 3402, ("name", "Opportunity"), ("owner", "jobs"));
        Put("customFieldTypes", 3310, ("name", "Salesforce Account"), ("owner", "customers"));
        Put("customFieldTypes", 3311, ("name", "Gate code"), ("owner", "locations"));
        Put("paymentTypes", 3, ("name", "Check"));
    }

    public void Put(string kind, long id, params (string Name, object? Value)[] values) =>
        Simulator.PutRecord(kind, new Dictionary<string, object?>(values.Select(v => KeyValuePair.Create(v.Name, v.Value))) { ["id"] = id, ["color"] = kind == "tagTypes" ? "#aa0000" : null }
            .Where(v => v.Value is not null).ToDictionary());

    /// <summary>A customer with its place and a job there.</summary>
    public async Task<(long Customer, long Location, long Job)> Book(string extra = "")
    {
        var customer = await Create("Dana Whitfield");
        var location = Ids(await Get($"{Crm}/locations?customerId={customer}"))[0];
        return (customer, location, (await Post($"{Jpm}/jobs", NewJob(customer, location, extra))).Expect(200).Json.GetProperty("id").GetInt64());
    }

    public static string NewJob(long customer, long location, string extra = "") =>
        $$"""{ "customerId": {{customer}}, "locationId": {{location}}, "businessUnitId": 9020, "jobTypeId": 1187, "priority": "Normal", "campaignId": 655, "appointments": [ {{Visit}} ], "summary": "Replace heater" {{extra}} }""";

    /// <summary>Every answer of every test is as published, where <c>SERVICETITAN_SPECS</c> names the vendor's documents.</summary>
    protected override void Seen(HttpMethod method, string path, HttpReply reply)
    {
        if (path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var module, "v2", .. var rest] || Environment.GetEnvironmentVariable("SERVICETITAN_SPECS") is not { } folder)
        {
            return;
        }

        var file = Path.Combine(folder, module.Replace("reputation", "-reputation", StringComparison.Ordinal) + "-v2.json");
        if (!File.Exists(file))
        {
            return;
        }

        JsonElement body = default;
        try
        {
            body = reply.Text.Length == 0 ? default : reply.Json;
        }
        catch (JsonException)
        {
            // Cut or replaced by a fault: no answer of the vendor.
            return;
        }

        Assert.Empty(Documents.GetOrAdd(file, OpenApiDocument.Load).AnswerProblems(method.Method.ToLowerInvariant(), "/" + string.Join('/', rest), reply.Status, body));
    }

    protected override void Prepare(HttpRequestMessage request) => request.Headers.Add("ST-App-Key", ServiceTitanSimulator.AppKey);
}
