using System.Text.Json;
using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class CollectionTests
{
    private static string Rows(params string[] rows) => $$"""{ "allOrNone": false, "records": [ {{string.Join(",", rows)}} ] }""";

    private static string Account(string fields) => $$"""{ "attributes": { "type": "Account" }, {{fields}} }""";

    [Fact]
    public async Task Rows_fail_alone_and_answer_in_order()
    {
        await using var sf = await OrgFixture.Start();
        var reply = await sf.Patch($"{Root}/composite/sobjects/Account/Key__c", Rows(
            Account("\"Name\": \"A\", \"Key__c\": \"1\""), Account("\"Key__c\": \"2\""), Account("\"Name\": \"C\""), Account("\"Name\": \"D\", \"Key__c\": \"4\", \"Segment__c\": \"?\""),
            Account("\"Name\": \"E\", \"Key__c\": \"5\", \"Gone__c\": 1")));
        Assert.Equal([null, "REQUIRED_FIELD_MISSING", "MISSING_ARGUMENT", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "INVALID_FIELD"], Codes(reply));
        Assert.True(reply.Json[0].GetProperty("created").GetBoolean());
        reply = await sf.Patch($"{Root}/composite/sobjects/Account/Key__c", Rows(Account("\"Name\": \"A2\", \"Key__c\": \"1\"")));
        Assert.False(reply.Json[0].GetProperty("created").GetBoolean());
        Assert.Equal(["A2"], await sf.Values("SELECT Name FROM Account", "Name"));
    }

    [Fact]
    public async Task The_same_external_id_twice_in_one_call_fails_both_rows()
    {
        await using var sf = await OrgFixture.Start();
        var reply = await sf.Patch($"{Root}/composite/sobjects/Account/Key__c", Rows(
            Account("\"Name\": \"A\", \"Key__c\": \"x\""), Account("\"Name\": \"B\", \"Key__c\": \"y\""), Account("\"Name\": \"C\", \"Key__c\": \"X\"")));
        Assert.Equal(["DUPLICATE_VALUE", null, "DUPLICATE_VALUE"], Codes(reply));
        Assert.Equal("Duplicate external id specified: x", reply.Json[0].GetProperty("errors")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_external_id_of_several_records_is_a_duplicate_external_id()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "A", "Loose__c": "x" }""");
        await sf.Create("Account", """{ "Name": "B", "Loose__c": "x" }""");
        Assert.Equal(["DUPLICATE_EXTERNAL_ID"], Codes(await sf.Patch($"{Root}/composite/sobjects/Account/Loose__c", Rows(Account("\"Name\": \"C\", \"Loose__c\": \"x\"")))));
    }

    [Fact]
    public async Task All_or_none_takes_everything_back()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "Old", "Key__c": "1" }""");
        var reply = await sf.Patch($"{Root}/composite/sobjects/Account/Key__c",
            Rows(Account("\"Name\": \"New\", \"Key__c\": \"1\""), Account("\"Name\": \"B\", \"Key__c\": \"2\""), Account("\"Key__c\": \"3\"")).Replace("false", "true", StringComparison.Ordinal));
        Assert.Equal(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"], Codes(reply));
        Assert.Equal(["Old"], await sf.Values("SELECT Name FROM Account", "Name"));
        (await sf.Patch($"{Root}/sobjects/Account/Key__c/2", """{ "Name": "free" }""")).Expect(201);
    }

    [Fact]
    public async Task Create_update_get_and_delete_take_up_to_two_hundred_rows()
    {
        await using var sf = await OrgFixture.Start();
        var created = await sf.Post($"{Root}/composite/sobjects", Rows([.. Enumerable.Range(0, 200).Select(i => Account($"\"Name\": \"A{i}\""))]));
        Assert.All(Codes(created), Assert.Null);
        Assert.False(created.Json[0].TryGetProperty("created", out _));
        string[] ids = [.. created.Json.EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];
        var updated = await sf.Patch($"{Root}/composite/sobjects", Rows(
            Account($"\"id\": \"{ids[0]}\", \"Name\": \"B\""), Account("\"id\": \"001000000000001\", \"Name\": \"B\""), Account("\"Name\": \"B\""), """{ "Name": "no type" }"""));
        Assert.Equal([null, "INVALID_CROSS_REFERENCE_KEY", "MISSING_ARGUMENT", "INVALID_TYPE"], Codes(updated));
        var got = (await sf.Get($"{Root}/composite/sobjects/Account?ids={ids[0]},001000000000001,{ids[1]}&fields=Name")).Expect(200).Json;
        Assert.Equal(["B", null, "A1"], got.EnumerateArray().Select(r => r.ValueKind is JsonValueKind.Null ? null : r.GetProperty("Name").GetString()));
        Assert.Equal([null, null, "ENTITY_IS_DELETED"], Codes(await sf.Delete($"{Root}/composite/sobjects?ids={ids[0]},{ids[1]},{ids[0]}")));
        Assert.Equal("EXCEEDED_ID_LIMIT", Code((await sf.Post($"{Root}/composite/sobjects", Rows([.. Enumerable.Repeat(Account("\"Name\": \"A\""), 201)]))).Expect(400)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "records": 1 }""")]
    [InlineData("""{ "records": [ 1 ] }""")]
    [InlineData("""{ "records": [] }""")]
    public async Task A_malformed_envelope_is_a_400(string body)
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Post($"{Root}/composite/sobjects", body)).Expect(400);
        (await sf.Patch($"{Root}/composite/sobjects/Account/Key__c", body)).Expect(400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unreadable_row_fails_alone_or_the_whole_call_as_the_org_is_set(bool whole)
    {
        await using var sf = await OrgFixture.Start(o => whole ? o with { UnreadableRowFailsWholeCall = true } : o);
        var reply = await sf.Patch($"{Root}/composite/sobjects/Account/Key__c", Rows(Account("\"Name\": \"A\", \"Key__c\": \"1\""), Account("\"Name\": \"B\", \"Key__c\": \"2\", \"Gone__c\": 1")));
        if (whole) Assert.Equal("INVALID_FIELD", Code(reply.Expect(400)));
        else Assert.Equal([null, "INVALID_FIELD"], Codes(reply));
        Assert.Equal(whole ? 0 : 1, (await sf.Values("SELECT Id FROM Account", "Id")).Length);
    }

    [Fact]
    public async Task A_composite_refers_to_earlier_results_and_rolls_back_together()
    {
        await using var sf = await OrgFixture.Start();
        string Body(string contact) => $$"""
            { "allOrNone": true, "compositeRequest": [
              { "method": "PATCH", "referenceId": "acct", "url": "{{Root}}/sobjects/Account/Key__c/1", "body": { "Name": "A" } },
              { "method": "POST", "referenceId": "cont", "url": "{{Root}}/sobjects/Contact", "body": { {{contact}} "AccountId": "@{acct.id}" } },
              { "method": "GET", "referenceId": "q", "url": "{{Root}}/query?q=SELECT+Id+FROM+Contact+WHERE+AccountId='@{acct.id}'" } ] }
            """;
        var bad = (await sf.Post($"{Root}/composite", Body(""))).Expect(200).Json.GetProperty("compositeResponse");
        Assert.Equal(["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"], bad.EnumerateArray().Select(r => r.GetProperty("body")[0].GetProperty("errorCode").GetString()));
        Assert.Empty(await sf.Values("SELECT Id FROM Account", "Id"));
        var good = (await sf.Post($"{Root}/composite", Body("\"LastName\": \"R\","))).Expect(200).Json.GetProperty("compositeResponse");
        Assert.Equal([201, 201, 200], good.EnumerateArray().Select(r => r.GetProperty("httpStatusCode").GetInt32()));
        Assert.Equal(1, good[2].GetProperty("body").GetProperty("totalSize").GetInt32());
        (await sf.Post($"{Root}/composite", """{ "compositeRequest": [ { "method": "patch" } ] }""")).Expect(400);
    }
}
