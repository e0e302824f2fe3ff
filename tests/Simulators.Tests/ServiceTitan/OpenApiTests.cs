using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

/// <summary>Answers are valid against the vendor's own OpenAPI documents, whose folder <c>SERVICETITAN_SPECS</c> names.</summary>
public sealed class OpenApiTests
{
    private const string T = "/tenant/{tenant}";

    private static OpenApiDocument Load(string file)
    {
        var folder = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");
        Assert.SkipUnless(folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        return OpenApiDocument.Load(Path.Combine(folder!, file));
    }

    [Fact]
    public async Task Customers_contacts_locations_and_feeds_are_as_published()
    {
        var crm = Load("crm-v2.json");
        await using var st = await TenantFixture.Start();
        const string Lines = """[ { "type": "Email", "value": "a@example.com" }, { "type": "Phone", "value": "208 555 0100", "memo": "x" } ]""";
        var created = await st.Post($"{Crm}/customers", NewCustomer("A", Lines, """, "tagTypeIds": [ 1 ], "customFields": [ { "typeId": 5, "value": "v" } ]"""));
        var id = created.Expect(200).Json.GetProperty("id").GetInt64();
        var other = await st.Create("B");
        (await st.Post("/_people/merge", $$"""{ "from": {{other}}, "to": {{id}} }""")).Expect(204);
        Valid($"{T}/customers", "post", created);
        Valid($"{T}/customers", "get", await st.Get($"{Crm}/customers?active=Any"));
        Valid($"{T}/customers", "get", await st.Get($"{Crm}/customers?includeTotal=true"));
        Valid($"{T}/customers/{{id}}", "get", await st.Get($"{Crm}/customers/{id}"));
        Valid($"{T}/customers/{{id}}", "patch", await st.Patch($"{Crm}/customers/{id}", """{ "name": "C" }"""));
        Valid($"{T}/customers/{{id}}/contacts", "get", await st.Get($"{Crm}/customers/{id}/contacts"));
        Valid($"{T}/customers/{{id}}/contacts", "post", await st.Post($"{Crm}/customers/{id}/contacts", """{ "type": "Fax", "value": "1" }"""));
        Valid($"{T}/customers/contacts", "get", await st.Get($"{Crm}/customers/contacts?customerIds={id}"));
        Valid($"{T}/export/customers", "get", await st.Get($"{Crm}/export/customers"));
        Valid($"{T}/export/customers/contacts", "get", await st.Get($"{Crm}/export/customers/contacts"));
        Valid($"{T}/export/locations", "get", await st.Get($"{Crm}/export/locations"));
        Valid($"{T}/locations", "get", await st.Get($"{Crm}/locations"));
        Valid($"{T}/locations", "post", await st.Post($"{Crm}/locations", $$"""{ "customerId": {{id}}, "name": "x", "address": {{Home}} }"""));
        Valid($"{T}/customers/{{id}}", "get", await st.Get($"{Crm}/customers/5"));
        Valid($"{T}/customers", "post", await st.Post($"{Crm}/customers", "{}"));
        Valid($"{T}/customers/{{id}}/contacts", "get", await st.Get($"{Crm}/customers/{other}/contacts"));

        void Valid(string path, string method, HttpReply reply) => Assert.Empty(crm.Problems(path, method, reply.Status, reply.Json));
    }

    [Fact]
    public async Task Tag_types_are_as_published()
    {
        var settings = Load("settings-v2.json");
        await using var st = await TenantFixture.Start();
        var created = await st.Post($"{Settings}/tag-types", """{ "name": "VIP", "color": "#aa0000", "importance": "High" }""");
        Assert.Empty(settings.Problems($"{T}/tag-types", "post", created.Status, created.Json));
        var list = await st.Get($"{Settings}/tag-types");
        Assert.Empty(settings.Problems($"{T}/tag-types", "get", list.Status, list.Json));
        var feed = await st.Get($"{Settings}/export/tag-types");
        Assert.Empty(settings.Problems($"{T}/export/tag-types", "get", feed.Status, feed.Json));
    }
}
