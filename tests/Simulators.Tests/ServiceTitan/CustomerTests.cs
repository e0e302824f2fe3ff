using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class CustomerTests
{
    private const string Phone = """[ { "type": "MobilePhone", "value": "(208) 555-0199" }, { "type": "Email", "value": "dana@example.com", "memo": "Dana" } ]""";

    [Fact]
    public async Task A_created_customer_answers_with_its_locations_and_contacts_and_later_without()
    {
        await using var st = await TenantFixture.Start();
        var created = (await st.Post($"{Crm}/customers", NewCustomer("Dana Whitfield", Phone))).Expect(200).Json;
        Assert.Equal(1, created.GetProperty("locations").GetArrayLength());
        Assert.Equal(["MobilePhone", "Email"], created.GetProperty("contacts").EnumerateArray().Select(c => c.GetProperty("type").GetString()));
        Assert.Equal("2026-09-14T20:00:00.0000000Z", created.GetProperty("createdOn").GetString());
        var read = (await st.Get($"{Crm}/customers/{created.GetProperty("id")}")).Expect(200).Json;
        Assert.Equal("Residential", read.GetProperty("type").GetString());
        Assert.False(read.TryGetProperty("contacts", out _));
        Assert.False(read.TryGetProperty("locations", out _));
    }

    [Fact]
    public async Task A_bad_create_names_every_missing_property_and_writes_nothing()
    {
        await using var st = await TenantFixture.Start();
        var errors = (await st.Post($"{Crm}/customers", """{ "type": "Alien", "address": { "street": "x" } }""")).Expect(400).Json.GetProperty("errors");
        Assert.Equal("Required property 'name' not found", errors.GetProperty("name")[0].GetString());
        Assert.True(errors.TryGetProperty("locations", out _));
        Assert.True(errors.TryGetProperty("type", out _));
        Assert.True(errors.TryGetProperty("address.city", out _));
        Assert.Equal("The request field is required.", errors.GetProperty("request")[0].GetString());
        Assert.Empty(Ids(await st.Get($"{Crm}/customers?active=Any")));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{ \"name\": \"\\ud800\" }")]
    [InlineData("{ \"name\": 7, \"locations\": 3, \"address\": [] }")]
    public async Task A_hostile_body_is_a_400(string body)
    {
        await using var st = await TenantFixture.Start();
        Assert.Equal(400, (await st.Post($"{Crm}/customers", body)).Expect(400).Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_body_nested_without_end_is_a_400()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post($"{Crm}/customers", string.Concat(Enumerable.Repeat("[", 50_000)))).Expect(400);
    }

    [Fact]
    public async Task Lists_hide_inactive_customers_unless_asked()
    {
        await using var st = await TenantFixture.Start();
        var (a, b) = (await st.Create("A"), await st.Create("B"));
        (await st.Patch($"{Crm}/customers/{a}", """{ "active": false }""")).Expect(200);
        Assert.Equal([b], Ids(await st.Get($"{Crm}/customers")));
        Assert.Equal([a], Ids(await st.Get($"{Crm}/customers?active=False")));
        Assert.Equal([a, b], Ids(await st.Get($"{Crm}/customers?active=Any")));
        (await st.Get($"{Crm}/customers?active=Maybe")).Expect(400);
    }

    [Theory]
    [InlineData("phone=2085550199", true)]
    [InlineData("phone=12085550199", true)]
    [InlineData("phone=2085550198", false)]
    [InlineData("phoneNumber=1", true)]
    [InlineData("name=whit", true)]
    [InlineData("name=nobody", false)]
    [InlineData("zip=83702&city=boise", true)]
    [InlineData("createdOnOrAfter=2026-09-14T20:00:00Z", true)]
    [InlineData("createdBefore=2026-09-14T20:00:00Z", false)]
    [InlineData("modifiedOnOrAfter=2026-09-14T20:00:00.0000001Z", false)]
    public async Task Filters_filter_and_unknown_ones_are_ignored(string query, bool found)
    {
        await using var st = await TenantFixture.Start();
        await st.Create("Dana Whitfield", Phone);
        Assert.Equal(found ? 1 : 0, Ids(await st.Get($"{Crm}/customers?{query}")).Length);
    }

    [Fact]
    public async Task Ids_are_at_most_fifty()
    {
        await using var st = await TenantFixture.Start();
        var id = await st.Create("A");
        Assert.Equal([id], Ids(await st.Get($"{Crm}/customers?ids={id},999,{id}")));
        (await st.Get($"{Crm}/customers?ids={string.Join(',', Enumerable.Range(1, 51))}")).Expect(400);
        (await st.Get($"{Crm}/customers?ids=1,x")).Expect(400);
    }

    [Fact]
    public async Task Pages_end_by_hasMore_and_count_only_on_request()
    {
        await using var st = await TenantFixture.Start();
        for (var i = 0; i < 5; i++)
        {
            await st.Create($"C{i}");
        }

        var first = (await st.Get($"{Crm}/customers?pageSize=2&sort=-Id&includeTotal=true")).Json;
        Assert.True(first.GetProperty("hasMore").GetBoolean());
        Assert.Equal(5, first.GetProperty("totalCount").GetInt32());
        Assert.Equal("C4", first.GetProperty("data")[0].GetProperty("name").GetString());
        var last = (await st.Get($"{Crm}/customers?pageSize=2&page=3")).Json;
        Assert.False(last.GetProperty("hasMore").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, last.GetProperty("totalCount").ValueKind);
        Assert.Equal("The value '-name' is not valid for Sort.",
            (await st.Get($"{Crm}/customers?sort=-name")).Expect(400).Json.GetProperty("errors").GetProperty("sort")[0].GetString());
        (await st.Get($"{Crm}/customers?page=0")).Expect(400);
    }

    [Fact]
    public async Task External_data_belongs_to_an_application_and_finds_the_customer()
    {
        await using var st = await TenantFixture.Start();
        const string Guid = "5b0b7c39-6f0e-4f57-9d0b-2c8f5d1a7e90";
        var id = await st.Create("A", extra: $$""", "externalData": { "applicationGuid": "{{Guid}}", "externalData": [ { "key": "sf", "value": "001" }, { "key": "b", "value": "2" } ] }""");
        await st.Create("B");
        Assert.Equal([id], Ids(await st.Get($"{Crm}/customers?externalDataApplicationGuid={Guid}&externalDataKey=sf&externalDataValues=001,002")));
        Assert.Equal(2, Ids(await st.Get($"{Crm}/customers?externalDataKey=sf")).Length);
        Assert.Equal(0, (await st.Get($"{Crm}/customers/{id}")).Json.GetProperty("externalData").GetArrayLength());
        (await st.Patch($"{Crm}/customers/{id}", $$"""{ "externalData": { "applicationGuid": "{{Guid}}", "patchMode": "Merge", "externalData": [ { "key": "b", "value": null } ] } }""")).Expect(200);
        var data = (await st.Get($"{Crm}/customers/{id}?externalDataApplicationGuid={Guid}")).Json.GetProperty("externalData");
        Assert.Equal("sf", Assert.Single(data.EnumerateArray()).GetProperty("key").GetString());
    }

    [Fact]
    public async Task An_address_is_patched_whole_or_not_at_all()
    {
        await using var st = await TenantFixture.Start();
        var id = await st.Create("A");
        (await st.Patch($"{Crm}/customers/{id}", $$"""{ "address": {{Home}} }""")).Expect(400);
        (await st.Patch($"{Crm}/customers/{id}", """{ "address": { "street": "1 A St", "unit": "2", "city": "B", "state": "ID", "zip": "1", "country": "USA", "latitude": 1.5, "longitude": 2 }, "nmae": "lost" }""")).Expect(200);
        Assert.Equal("1 A St", (await st.Get($"{Crm}/customers/{id}")).Json.GetProperty("address").GetProperty("street").GetString());
    }

    [Fact]
    public async Task An_unknown_customer_is_a_404()
    {
        await using var st = await TenantFixture.Start();
        Assert.Equal("Customer not found", (await st.Get($"{Crm}/customers/5")).Expect(404).Json.GetProperty("title").GetString());
        (await st.Patch($"{Crm}/customers/99999999999999999999", "{}")).Expect(404);
    }

    [Fact]
    public async Task Contact_lines_are_made_changed_and_deleted_without_touching_the_customer()
    {
        await using var st = await TenantFixture.Start();
        var id = await st.Create("A");
        var before = (await st.Get($"{Crm}/customers/{id}")).Json.GetProperty("modifiedOn").GetString();
        st.Time.Advance(TimeSpan.FromMinutes(1));
        var line = (await st.Post($"{Crm}/customers/{id}/contacts", """{ "type": "Email", "value": "a@example.com" }""")).Expect(200).Json.GetProperty("id");
        (await st.Patch($"{Crm}/customers/{id}/contacts/{line}", """{ "value": "b@example.com" }""")).Expect(200);
        var listed = (await st.Get($"{Crm}/customers/{id}/contacts")).Expect(200).Json.GetProperty("data");
        Assert.Equal("b@example.com", Assert.Single(listed.EnumerateArray()).GetProperty("value").GetString());
        Assert.Equal(id, (await st.Get($"{Crm}/customers/contacts?customerIds={id}")).Json.GetProperty("data")[0].GetProperty("customerId").GetInt64());
        (await st.Get($"{Crm}/customers/contacts")).Expect(400);
        (await st.Delete($"{Crm}/customers/{id}/contacts/{line}")).Expect(200);
        (await st.Delete($"{Crm}/customers/{id}/contacts/{line}")).Expect(404);
        Assert.Empty(Ids(await st.Get($"{Crm}/customers/{id}/contacts")));
        Assert.Equal(before, (await st.Get($"{Crm}/customers/{id}")).Json.GetProperty("modifiedOn").GetString());
    }

    [Fact]
    public async Task The_contacts_of_a_merged_customer_are_a_conflict_and_live_on_at_the_survivor()
    {
        await using var st = await TenantFixture.Start();
        var (loser, survivor) = (await st.Create("Lost", Phone), await st.Create("Kept"));
        (await st.Post("/_people/merge", $$"""{ "from": {{loser}}, "to": {{survivor}} }""")).Expect(204);
        Assert.Equal($"Customer ID = {loser} is not active", (await st.Get($"{Crm}/customers/{loser}/contacts")).Expect(409).Json.GetProperty("title").GetString());
        var gone = (await st.Get($"{Crm}/customers/{loser}")).Expect(200).Json;
        Assert.Equal(survivor, gone.GetProperty("mergedToId").GetInt64());
        Assert.False(gone.GetProperty("active").GetBoolean());
        Assert.Equal(2, Ids(await st.Get($"{Crm}/customers/{survivor}/contacts")).Length);
        Assert.Equal(2, Ids(await st.Get($"{Crm}/locations?customerId={survivor}")).Length);
    }

    [Fact]
    public async Task People_enter_and_edit_customers_by_request()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post("/_people/customers", """[ { "id": 7, "name": "Acme Plumbing LLC", "type": "Commercial", "contacts": [ { "type": "Phone", "value": "1" } ] }, { "name": "B" } ]""")).Expect(200);
        (await st.Post("/_people/customers", """{ "id": 7, "name": "Again" }""")).Expect(400);
        (await st.Patch("/_people/customers/7", """{ "name": "Acme Plumbing Inc" }""")).Expect(200);
        Assert.Equal("Acme Plumbing Inc", (await st.Get($"{Crm}/customers/7")).Json.GetProperty("name").GetString());
        Assert.Equal(2, (await st.Get("/_records?type=customers")).Json.GetProperty("customers").GetArrayLength());
    }

    [Fact]
    public async Task Tag_types_are_listed_and_locations_need_their_customer()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post($"{Settings}/tag-types", """{ "name": "VIP", "color": "#aa0000" }""")).Expect(200);
        (await st.Post($"{Settings}/tag-types", """{ "name": "VIP", "color": "red" }""")).Expect(400);
        Assert.Single(Ids(await st.Get($"{Settings}/tag-types")));
        Assert.Single(Ids(await st.Get($"{Settings}/export/tag-types")));
        (await st.Post($"{Crm}/locations", $$"""{ "customerId": 5, "name": "x", "address": {{Home}} }""")).Expect(409);
    }

    [Fact]
    public async Task A_customer_with_late_visibility_is_there_for_writes_only()
    {
        await using var st = await TenantFixture.Start(o => o with { LateVisibility = TimeSpan.FromMinutes(5) });
        var id = await st.Create("Late", Phone);
        (await st.Get($"{Crm}/customers/{id}")).Expect(404);
        Assert.Empty(Ids(await st.Get($"{Crm}/export/customers")));
        (await st.Patch($"{Crm}/customers/{id}", """{ "name": "Later" }""")).Expect(200);
        st.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([id], Ids(await st.Get($"{Crm}/customers?phone=2085550199")));
        Assert.Equal([id], Ids(await st.Get($"{Crm}/export/customers")));
    }

    [Fact]
    public async Task In_process_controls_do_what_requests_do()
    {
        await using var st = await TenantFixture.Start();
        var id = st.Simulator.AddCustomer(new CustomerSeed { Name = "O'Brien, Sean & Kate", Contacts = [new("Email", "ob@example.com")] });
        st.Simulator.SetContact(id, "Email", "new@example.com");
        st.Simulator.EditCustomer(id, active: false);
        Assert.False((await st.Get($"{Crm}/customers/{id}")).Json.GetProperty("active").GetBoolean());
        st.Simulator.Reset();
        Assert.Equal(0, (await st.Get("/_records?type=customers")).Json.GetProperty("customers").GetArrayLength());
    }
}
