using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class TenantFixture : SimulatorFixture<ServiceTitanSimulator>
{
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

    protected override void Prepare(HttpRequestMessage request) => request.Headers.Add("ST-App-Key", ServiceTitanSimulator.AppKey);
}
