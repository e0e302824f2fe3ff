using System.Text.Json;
using WorkflowEngine.Abstractions;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class WriteTests
{
    private static readonly EntityDescriptor Contact = ReadTests.Entity(
        "Contact",
        new FieldDescriptor { Name = "ST_Id__c", Type = FieldType.Of(FieldKind.Text), ExternalId = true, Unique = true },
        new FieldDescriptor { Name = "Rate__c", Type = FieldType.Of(FieldKind.Decimal) },
        new FieldDescriptor { Name = "Home__c", Type = FieldType.IdOf("Account") });

    [Fact]
    public async Task Rows_of_an_upsert_go_in_one_collection_and_get_their_own_results()
    {
        var org = new ScriptedOrg(_ => Json("""
            [{"id":"003000000000001AAA","success":true,"errors":[],"created":true},
             {"success":false,"errors":[{"statusCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"Zip codes have five digits.","fields":["MailingPostalCode"]}],"created":true},
             {"id":"003000000000003AAA","success":true,"errors":[],"created":false}]
            """));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("1", ("LastName", "A")), Row("2", ("LastName", "B")), Row("3", ("LastName", "C"))), default);

        var call = Assert.Single(org.Calls);
        Assert.Equal(("PATCH", "/services/data/v67.0/composite/sobjects/Contact/ST_Id__c"), (call.Method, call.Path));
        Same("""{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"ST_Id__c":"1","LastName":"A"},{"attributes":{"type":"Contact"},"ST_Id__c":"2","LastName":"B"},{"attributes":{"type":"Contact"},"ST_Id__c":"3","LastName":"C"}]}""", call.Body);
        Assert.Equal(new WriteResult("003000000000001AAA", true), answer.Items[0].Value);
        Assert.Equal((ErrorKind.Rejected, "Zip codes have five digits."), (answer.Items[1].Error!.Kind, answer.Items[1].Error!.Message));
        Assert.Equal(["MailingPostalCode"], answer.Items[1].Error!.Fields);
        Assert.Equal(new WriteResult("003000000000003AAA", false), answer.Items[2].Value);
    }

    [Theory]
    [InlineData(201, """{"id":"003000000000001","success":true,"errors":[],"created":true}""", true)]
    [InlineData(200, """{"id":"003000000000001AAA","success":true,"errors":[],"created":false}""", false)]
    public async Task A_single_upsert_goes_by_the_key_in_its_address(int status, string body, bool created)
    {
        var org = new ScriptedOrg(_ => Json(body, status));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("48211-1", ("ST_Id__c", "48211-1"), ("LastName", "Ruiz"))), default);

        var call = Assert.Single(org.Calls);
        Assert.Equal("/services/data/v67.0/sobjects/Contact/ST_Id__c/48211-1", call.Path);
        Same("""{"LastName":"Ruiz"}""", call.Body);
        Assert.Equal(new WriteResult("003000000000001AAA", created), answer.Items[0].Value);
    }

    [Fact]
    public async Task An_old_version_that_answers_nothing_is_asked_for_the_id()
    {
        var org = new ScriptedOrg(sent => sent.Method == "PATCH" ? new HttpResponseMessage(System.Net.HttpStatusCode.NoContent) : Json("""{"Id":"003000000000001AAA"}"""));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("1")), default);

        Assert.Equal(new WriteResult("003000000000001AAA", false), answer.Items[0].Value);
        Assert.Equal(2, answer.Calls);
    }

    [Fact]
    public async Task A_key_of_several_records_is_a_conflict_that_names_them()
    {
        var org = new ScriptedOrg(_ => Json("""["/services/data/v67.0/sobjects/Contact/0035g00000AAAaaAAH","/services/data/v67.0/sobjects/Contact/0035g00000BBBbbAAH"]""", 300));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("1")), default);

        Assert.Equal(ErrorKind.Conflict, answer.Items[0].Error?.Kind);
        Assert.Equal(["0035g00000AAAaaAAH", "0035g00000BBBbbAAH"], answer.Items[0].Error!.RecordIds);
        Assert.True(answer.Items[0].Error!.NotExecuted);
    }

    [Theory]
    [InlineData("48211/primary")]
    [InlineData("someone@example.inc")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("?q=1#x")]
    public async Task A_key_that_would_change_the_address_travels_in_the_body(string key)
    {
        var org = new ScriptedOrg(_ => Json("""[{"id":"003000000000001AAA","success":true,"errors":[],"created":true}]"""));
        await using var connection = org.Connect([Contact]);
        await connection.WriteAsync(Upsert(Row(key)), default);

        var call = Assert.Single(org.Calls);
        Assert.Equal("/services/data/v67.0/composite/sobjects/Contact/ST_Id__c", call.Path);
        Assert.Equal(key, JsonDocument.Parse(call.Body).RootElement.GetProperty("records")[0].GetProperty("ST_Id__c").GetString());
    }

    [Fact]
    public async Task A_parent_is_named_under_its_relationship()
    {
        var org = new ScriptedOrg(_ => Json("""{"id":"003000000000001AAA","success":true,"errors":[]}""", 201));
        await using var connection = org.Connect([Contact, ReadTests.Entity("Task")]);
        await connection.WriteAsync(
            Create("Contact", ("LastName", "Ruiz"), ("AccountId", new ParentReference("Account", "ServiceTitan_Id__c", "48211")), ("Home__c", new ParentReference("Account", "ServiceTitan_Id__c", "7"))), default);
        await connection.WriteAsync(Create("Contact", ("LastName", "Ruiz"), ("Account.ServiceTitan_Id__c", "48211")), default);
        await connection.WriteAsync(Create("Task", ("Subject", "x"), ("WhatId", new ParentReference("Opportunity", "Job__c", "9"))), default);

        var bodies = org.Calls.Select(c => c.Body).ToArray();
        Same("""{"LastName":"Ruiz","Account":{"ServiceTitan_Id__c":"48211"},"Home__r":{"ServiceTitan_Id__c":"7"}}""", bodies[0]);
        Same("""{"LastName":"Ruiz","Account":{"ServiceTitan_Id__c":"48211"}}""", bodies[1]);
        Same("""{"Subject":"x","What":{"attributes":{"type":"Opportunity"},"Job__c":"9"}}""", bodies[2]);
    }

    [Fact]
    public async Task Values_go_out_by_their_fields_types_and_decimals_unchanged()
    {
        var org = new ScriptedOrg(_ => Json("""{"id":"006000000000001AAA","success":true,"errors":[]}""", 201));
        await using var connection = org.Connect([Contact]);
        await connection.WriteAsync(
            Create("Opportunity", ("Amount", 10.50m), ("CloseDate", new DateOnly(2026, 3, 14)), ("Probability", 62.5), ("NextStep", null), ("ReminderAt__c", new DateTimeOffset(2026, 3, 14, 15, 9, 26, 123, TimeSpan.Zero)), ("Name", "Zoë \uD83D\uDE00 \uD800 <b>\u0000")), default);

        var body = Assert.Single(org.Calls).Body;
        Assert.Contains("\"Amount\":10.50", body, StringComparison.Ordinal);
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal("2026-03-14", json.GetProperty("CloseDate").GetString());
        Assert.Equal(62.5, json.GetProperty("Probability").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("NextStep").ValueKind);
        Assert.Equal("2026-03-14T15:09:26.123Z", json.GetProperty("ReminderAt__c").GetString());
        Assert.Equal("Zoë \uD83D\uDE00 \uFFFD <b>\u0000", json.GetProperty("Name").GetString());
    }

    [Fact]
    public async Task A_value_that_does_not_fit_fails_its_own_row_only()
    {
        var org = new ScriptedOrg(sent => Results(sent));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("1", ("Rate__c", 1m)), Row("2", ("Rate__c", "many")), Row("3", ("Rate__c", 3m))), default);

        Assert.True(answer.Items[0].Succeeded);
        Assert.Equal(ErrorKind.Rejected, answer.Items[1].Error?.Kind);
        Assert.DoesNotContain("many", answer.Items[1].Error!.Message, StringComparison.Ordinal);
        Assert.True(answer.Items[2].Succeeded);
    }

    [Fact]
    public async Task The_same_identity_twice_goes_in_two_calls()
    {
        var org = new ScriptedOrg(sent => sent.Path.Contains("/composite/", StringComparison.Ordinal) ? Results(sent) : Json("""{"id":"003000000000009AAA","success":true,"errors":[],"created":false}"""));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("a"), Row("b"), Row("A")), default);

        Assert.All(answer.Items, i => Assert.True(i.Succeeded));
        Assert.Equal(2, org.Calls.Count());
        Assert.Equal("003000000000009AAA", answer.Items[2].Value!.Id);
    }

    [Fact]
    public async Task More_rows_than_a_collection_holds_go_in_several()
    {
        var org = new ScriptedOrg(Results);
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert([.. Enumerable.Range(0, 450).Select(i => Row($"k{i}"))]), default);

        Assert.Equal([200, 200, 50], org.Calls.Select(c => JsonDocument.Parse(c.Body).RootElement.GetProperty("records").GetArrayLength()));
        Assert.All(answer.Items, i => Assert.True(i.Succeeded));
    }

    [Fact]
    public async Task Options_of_the_step_become_headers()
    {
        var org = new ScriptedOrg(_ => Json("""{"id":"500000000000001AAA","success":true,"errors":[]}""", 201));
        await using var connection = org.Connect();
        await connection.WriteAsync(Create("Case", ("Subject", "x")) with { Options = new Dictionary<string, string> { ["assignmentRule"] = "none", ["duplicateRule"] = "allow" } }, default);
        await connection.WriteAsync(Create("Case", ("Subject", "x")) with { Options = new Dictionary<string, string> { ["assignmentRule"] = "01Q5e000000RuleAAA", ["duplicateRule"] = "block" } }, default);
        await connection.WriteAsync(Create("Case", ("Subject", "x")), default);

        var sent = org.Calls.ToArray();
        Assert.Equal(("FALSE", "allowSave=true"), (sent[0].Headers["Sforce-Auto-Assign"], sent[0].Headers["Sforce-Duplicate-Rule-Header"]));
        Assert.Equal(("01Q5e000000RuleAAA", "allowSave=false"), (sent[1].Headers["Sforce-Auto-Assign"], sent[1].Headers["Sforce-Duplicate-Rule-Header"]));
        Assert.False(sent[2].Headers.ContainsKey("Sforce-Auto-Assign"));
        Assert.All(sent, s => Assert.Equal("client=workflow-engine", s.Headers["Sforce-Call-Options"]));
    }

    [Fact]
    public async Task Updates_and_deletes_go_by_id_and_what_is_gone_is_deleted()
    {
        var org = new ScriptedOrg(sent => sent.Method switch
        {
            "DELETE" when sent.Path.EndsWith("/composite/sobjects", StringComparison.Ordinal) => Json("""[{"id":"003000000000001AAA","success":true,"errors":[]},{"success":false,"errors":[{"statusCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}]}]"""),
            "DELETE" => Error("ENTITY_IS_DELETED", "entity is deleted", 404),
            _ when sent.Path.EndsWith("/composite/sobjects", StringComparison.Ordinal) => Results(sent),
            _ => new HttpResponseMessage(System.Net.HttpStatusCode.NoContent),
        });
        await using var connection = org.Connect();
        WriteItem Item(string id) => new() { Id = id, Fields = new Dictionary<string, object?> { ["LastName"] = "x", ["Id"] = id } };
        WriteBatch Of(WriteVerb verb, params WriteItem[] items) => new() { Entity = "Contact", Verb = verb, Items = items };

        Assert.True((await connection.WriteAsync(Of(WriteVerb.Update, Item("003000000000001AAA")), default)).Items[0].Succeeded);
        Assert.All((await connection.WriteAsync(Of(WriteVerb.Update, Item("003000000000001AAA"), Item("003000000000002AAA")), default)).Items, i => Assert.True(i.Succeeded));
        Assert.True((await connection.WriteAsync(Of(WriteVerb.Delete, Item("003000000000001AAA")), default)).Items[0].Succeeded);
        Assert.All((await connection.WriteAsync(Of(WriteVerb.Delete, Item("003000000000001AAA"), Item("003000000000002AAA")), default)).Items, i => Assert.True(i.Succeeded));

        var sent = org.Calls.ToArray();
        Same("""{"LastName":"x"}""", sent[0].Body);
        Same("""{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"id":"003000000000001AAA","LastName":"x"},{"attributes":{"type":"Contact"},"id":"003000000000002AAA","LastName":"x"}]}""", sent[1].Body);
        Assert.Equal("?allOrNone=false&ids=003000000000001AAA%2C003000000000002AAA", sent[3].Query);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[{\"success\":true},{\"success\":true}]")]
    [InlineData("[{\"id\":\"003000000000001AAA\",\"success\":true},{\"id\":\"0030000")]
    public async Task A_write_whose_answer_cannot_be_read_has_an_unknown_outcome(string body)
    {
        var org = new ScriptedOrg(_ => Json(body));
        await using var connection = org.Connect([Contact]);
        var answer = await connection.WriteAsync(Upsert(Row("1"), Row("2")), default);

        Assert.Equal(ErrorKind.UnknownOutcome, answer.CallError?.Kind);
        Assert.False(answer.CallError!.NotExecuted);
        Assert.Single(org.Calls);
    }

    [Fact]
    public async Task A_refused_call_of_several_rows_is_no_rows_fault()
    {
        var org = new ScriptedOrg(_ => Error("JSON_PARSER_ERROR", "Unexpected character"));
        await using var connection = org.Connect([Contact]);
        var together = await connection.WriteAsync(Upsert(Row("1"), Row("2")), default);
        var alone = await connection.WriteAsync(Upsert(Row("1")), default);

        Assert.Equal((ErrorKind.BatchScoped, ErrorKind.Rejected), (together.CallError!.Kind, together.CallError.WhenAlone));
        Assert.Null(alone.CallError);
        Assert.Equal(ErrorKind.Rejected, alone.Items[0].Error?.Kind);
    }

    private static WriteBatch Upsert(params WriteItem[] rows) => new() { Entity = "Contact", Verb = WriteVerb.Upsert, KeyField = "ST_Id__c", Items = rows };

    private static WriteBatch Create(string entity, params (string Name, object? Value)[] fields) =>
        new() { Entity = entity, Verb = WriteVerb.Create, Items = [new WriteItem { Fields = fields.ToDictionary(f => f.Name, f => f.Value) }] };

    private static WriteItem Row(string key, params (string Name, object? Value)[] fields) => new() { Key = key, Fields = fields.ToDictionary(f => f.Name, f => f.Value) };

    private static HttpResponseMessage Results(SentRequest sent)
    {
        var records = JsonDocument.Parse(sent.Body).RootElement.GetProperty("records").EnumerateArray();
        return Json("[" + string.Join(',', records.Select((_, i) => $$"""{"id":"003{{i:D12}}AAA","success":true,"errors":[],"created":true}""")) + "]");
    }

    private static void Same(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement), $"expected {expected}\nactual   {actual}");
}
