using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class SetupTests
{
    [Fact]
    public async Task Describe_lists_fields_with_what_a_mapper_needs_and_answers_304_while_nothing_changed()
    {
        await using var sf = await OrgFixture.Start();
        var reply = (await sf.Get($"{Root}/sobjects/Account/describe")).Expect(200);
        var key = reply.Json.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "Key__c");
        Assert.True(key.GetProperty("externalId").GetBoolean() && key.GetProperty("unique").GetBoolean() && key.GetProperty("custom").GetBoolean());
        Assert.Equal(20, key.GetProperty("length").GetInt32());
        Assert.Contains(reply.Json.GetProperty("childRelationships").EnumerateArray(), c => c.GetProperty("relationshipName").GetString() == "Contacts");
        var stamp = reply.Header("Last-Modified")!;
        Assert.Empty((await sf.Get($"{Root}/sobjects/Account/describe", ("If-Modified-Since", stamp))).Expect(304).Text);
        sf.Time.Advance(TimeSpan.FromSeconds(1));
        (await sf.Post("/_setup/fields", """{ "object": "Account", "name": "More__c", "type": "date" }""")).Expect(204);
        (await sf.Get($"{Root}/sobjects/Account/describe", ("If-Modified-Since", stamp))).Expect(200);
        Assert.Contains((await sf.Get($"{Root}/sobjects")).Json.GetProperty("sobjects").EnumerateArray(), o => o.GetProperty("name").GetString() == "Site__c");
    }

    [Fact]
    public async Task The_tooling_api_makes_and_deletes_a_field()
    {
        await using var sf = await OrgFixture.Start(o => o with { FieldSecurity = false });
        const string Body = """{ "FullName": "Contact.Score__c", "Metadata": { "type": "Number", "label": "Score", "precision": 5, "scale": 1 } }""";
        var id = (await sf.Post($"{Root}/tooling/sobjects/CustomField", Body)).Expect(201).Json.GetProperty("id").GetString();
        Assert.Equal("DUPLICATE_DEVELOPER_NAME", Code((await sf.Post($"{Root}/tooling/sobjects/CustomField", Body)).Expect(400)));
        await sf.Create("Contact", """{ "LastName": "A", "Score__c": 12.34 }""");
        Assert.Equal(["12.3"], await sf.Values("SELECT Score__c FROM Contact", "Score__c"));
        (await sf.Delete($"{Root}/tooling/sobjects/CustomField/{id}")).Expect(204);
        (await sf.Query("SELECT Score__c FROM Contact")).Expect(400);
    }

    [Fact]
    public async Task A_deleted_field_is_no_such_column_everywhere()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "A", "Key__c": "1" }""");
        (await sf.Delete("/_setup/fields/Account/Key__c")).Expect(204);
        Assert.Equal("INVALID_FIELD", Code((await sf.Query("SELECT Key__c FROM Account")).Expect(400)));
        Assert.Equal("INVALID_FIELD", Code((await sf.Post($"{Root}/sobjects/Account", """{ "Name": "B", "Key__c": "1" }""")).Expect(400)));
        Assert.Equal("NOT_FOUND", Code((await sf.Patch($"{Root}/sobjects/Account/Key__c/1", """{ "Name": "B" }""")).Expect(404)));
        (await sf.Delete("/_setup/fields/Account/Name")).Expect(404);
        (await sf.Post("/_setup/requires", Requires)).Expect(204);
        (await sf.Patch($"{Root}/sobjects/Account/Key__c/1", """{ "Name": "B" }""")).Expect(201);
    }

    [Theory]
    [InlineData("/_setup/requires", "[]")]
    [InlineData("/_setup/requires", """{ "Nope": { "A__c": { "type": "text" } } }""")]
    [InlineData("/_setup/fields", """{ "object": "Account", "name": "Bad", "type": "text" }""")]
    [InlineData("/_setup/fields", """{ "object": "Account", "name": "Bad__c", "type": "unheard" }""")]
    [InlineData("/_setup/fields", """{ "object": "Account", "name": "Bad__c", "type": "reference", "to": "Nope" }""")]
    [InlineData("/_setup/objects", """{ "name": "../x" }""")]
    [InlineData("/_people/Nope", "{}")]
    [InlineData("/_people/merge", "{}")]
    [InlineData("/_people/Account", "{")]
    [InlineData("/_clock", """{ "advanceSeconds": -1 }""")]
    [InlineData("/_faults", """{ "kind": "unheard" }""")]
    [InlineData("/_faults", """{ "kind": "slow", "misspelt": 1 }""")]
    [InlineData("/_faults", "null")]
    public async Task A_bad_control_request_is_a_400(string path, string body)
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Post(path, body)).Expect(400);
    }

    [Fact]
    public async Task The_page_shows_records_and_escapes_them()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "<script>alert(1)</script>" }""");
        var page = (await sf.Get("/")).Expect(200).Text;
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("color-scheme: light dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_field_is_invisible_until_a_permission_set_grants_it()
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Post($"{Root}/tooling/sobjects/CustomField", """{ "FullName": "Contact.Score__c", "Metadata": { "type": "Number", "label": "Score", "precision": 18, "scale": 0 } }""")).Expect(201);
        Assert.Equal("INVALID_FIELD", Code((await sf.Query("SELECT Score__c FROM Contact")).Expect(400)));
        Assert.Equal("DUPLICATE_DEVELOPER_NAME", Code((await sf.Post($"{Root}/tooling/sobjects/CustomField", """{ "FullName": "Contact.Score__c", "Metadata": { "type": "Number" } }""")).Expect(400)));

        var set = await sf.Create("PermissionSet", """{ "Name": "Flows", "Label": "Flows" }""");
        var grant = await sf.Create("FieldPermissions", $$"""{ "ParentId": "{{set}}", "SobjectType": "Contact", "Field": "Contact.Score__c", "PermissionsRead": true }""");
        Assert.Equal("INVALID_FIELD", Code((await sf.Query("SELECT Score__c FROM Contact")).Expect(400)));
        var user = (await sf.Values("SELECT Id FROM User WHERE FirstName = 'Integration'", "Id"))[0];
        await sf.Create("PermissionSetAssignment", $$"""{ "PermissionSetId": "{{set}}", "AssigneeId": "{{user}}" }""");
        (await sf.Query("SELECT Score__c FROM Contact")).Expect(200);
        Assert.Equal("INVALID_FIELD_FOR_INSERT_UPDATE", Code((await sf.Post($"{Root}/sobjects/Contact", """{ "LastName": "A", "Score__c": 5 }""")).Expect(400)));
        (await sf.Patch($"{Root}/sobjects/FieldPermissions/{grant}", """{ "PermissionsEdit": true }""")).Expect(204);
        await sf.Create("Contact", """{ "LastName": "A", "Score__c": 5 }""");
    }
}
