using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class OrgFixture : SimulatorFixture<SalesforceSimulator>
{
    public const string Root = "/services/data/v67.0";

    public const string Requires = """
        { "Account": { "Key__c": { "type": "text", "length": 20, "externalId": true, "unique": true },
                       "Loose__c": { "type": "text", "length": 20, "externalId": true },
                       "Active__c": { "type": "boolean" }, "Money__c": { "type": "decimal" },
                       "Segment__c": { "type": "picklist", "restricted": true, "values": ["Gold", "Silver"] } },
          "Contact": { "Person__c": { "type": "text", "length": 80, "externalId": true, "unique": true } },
          "Site__c": { "Site_Id__c": { "type": "text", "length": 20, "externalId": true, "unique": true }, "Account__c": { "type": "reference", "to": "Account" } } }
        """;

    public static async Task<OrgFixture> Start(Func<SimulatorOptions, SimulatorOptions>? configure = null, bool signIn = true)
    {
        var fixture = new OrgFixture();
        await fixture.StartAsync(o => new SalesforceSimulator(o), configure);
        (await fixture.Post("/_setup/requires", Requires)).Expect(204);
        if (signIn)
        {
            await fixture.SignIn();
        }

        return fixture;
    }

    public Task<HttpReply> AskToken(string id = SalesforceSimulator.ClientId, string secret = SalesforceSimulator.ClientSecret) =>
        Form("/services/oauth2/token", ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret));

    public async Task SignIn() => Token = (await AskToken()).Expect(200).Json.GetProperty("access_token").GetString();

    public async Task<string> Create(string type, string json) =>
        (await Post($"{Root}/sobjects/{type}", json)).Expect(201).Json.GetProperty("id").GetString()!;

    public Task<HttpReply> Query(string soql, params (string Name, string Value)[] headers) => Get($"{Root}/query?q={Uri.EscapeDataString(soql)}", headers);

    public async Task<string?[]> Values(string soql, string field) =>
        [.. (await Query(soql)).Expect(200).Json.GetProperty("records").EnumerateArray().Select(r => r.GetProperty(field).ToString())];

    public static string Code(HttpReply reply) => reply.Json[0].GetProperty("errorCode").GetString()!;

    public static string Message(HttpReply reply) => reply.Json[0].GetProperty("message").GetString()!;

    public static string?[] Codes(HttpReply reply) => [.. reply.Expect(200).Json.EnumerateArray()
        .Select(r => r.GetProperty("success").GetBoolean() ? null : r.GetProperty("errors")[0].GetProperty("statusCode").GetString())];
}
