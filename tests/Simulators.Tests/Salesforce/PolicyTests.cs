using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class PolicyTests
{
    [Fact]
    public async Task An_alerting_duplicate_rule_stops_a_call_until_it_allows_saving()
    {
        await using var sf = await Start();
        (await sf.Post("/_setup/duplicateRules", """{ "object": "Contact", "fields": ["Email"], "name": "Standard_Contact_Duplicate_Rule" }""")).Expect(204);
        var first = await sf.Create("Contact", """{ "LastName": "A", "Email": "a@example.com" }""");
        var reply = (await sf.Post($"{Root}/sobjects/Contact", """{ "LastName": "B", "Email": "A@example.com" }""")).Expect(400);
        Assert.Equal(("DUPLICATES_DETECTED", "Use one of these records?"), (Code(reply), Message(reply)));
        var found = reply.Json[0].GetProperty("duplicateResut");
        Assert.True(found.GetProperty("allowSave").GetBoolean());
        Assert.Equal(first, found.GetProperty("matchResults")[0].GetProperty("matchRecords")[0].GetProperty("record").GetProperty("Id").GetString());

        var many = await sf.Post($"{Root}/composite/sobjects", """{ "records": [{ "attributes": { "type": "Contact" }, "LastName": "B", "Email": "a@example.com" }, { "attributes": { "type": "Contact" }, "LastName": "C" }] }""");
        Assert.Equal(["DUPLICATES_DETECTED", null], Codes(many));
        (await sf.Post($"{Root}/sobjects/Contact", """{ "LastName": "B", "Email": "a@example.com" }""", ("Sforce-Duplicate-Rule-Header", "allowSave=true"))).Expect(201);
    }

    [Fact]
    public async Task A_blocking_duplicate_rule_stops_everybody()
    {
        await using var sf = await Start();
        (await sf.Post("/_setup/duplicateRules", """{ "object": "Account", "fields": ["Name", "BillingPostalCode"], "action": "block" }""")).Expect(204);
        await sf.Create("Account", """{ "Name": "A", "BillingPostalCode": "83702" }""");
        await sf.Create("Account", """{ "Name": "A", "BillingPostalCode": "83703" }""");
        var reply = (await sf.Post($"{Root}/sobjects/Account", """{ "Name": "a", "BillingPostalCode": "83702" }""", ("Sforce-Duplicate-Rule-Header", "allowSave=true"))).Expect(400);
        Assert.False(reply.Json[0].GetProperty("duplicateResut").GetProperty("allowSave").GetBoolean());
    }

    [Fact]
    public async Task The_assignment_rule_overrules_the_owner_unless_it_is_switched_off()
    {
        await using var sf = await Start();
        var queue = (await sf.Values("SELECT Id FROM Group WHERE Type = 'Queue'", "Id"))[0]!;
        var user = (await sf.Values("SELECT Id FROM User WHERE FirstName = 'Olivia'", "Id"))[0]!;
        (await sf.Post("/_setup/assignmentRules", $$"""{ "object": "Case", "owner": "{{queue}}", "when": "Priority = 'High'" }""")).Expect(204);
        var body = $$"""{ "Subject": "x", "Priority": "High", "OwnerId": "{{user}}" }""";
        (await sf.Post($"{Root}/sobjects/Case", body)).Expect(201);
        (await sf.Post($"{Root}/sobjects/Case", body, ("Sforce-Auto-Assign", "FALSE"))).Expect(201);
        (await sf.Post($"{Root}/sobjects/Case", body.Replace("High", "Low", StringComparison.Ordinal))).Expect(201);
        Assert.Equal([queue, user, user], await sf.Values("SELECT OwnerId FROM Case ORDER BY CaseNumber", "OwnerId"));
    }

    [Fact]
    public async Task A_validation_rule_refuses_with_the_administrators_words_and_leaves_nothing()
    {
        await using var sf = await Start();
        (await sf.Post("/_setup/validationRules", """{ "object": "Account", "when": "Money__c < 0", "message": "No debts here.", "field": "Money__c" }""")).Expect(204);
        var reply = (await sf.Post($"{Root}/sobjects/Account", """{ "Name": "A", "Key__c": "1", "Money__c": -1 }""")).Expect(400);
        Assert.Equal(("FIELD_CUSTOM_VALIDATION_EXCEPTION", "No debts here."), (Code(reply), Message(reply)));
        await sf.Create("Account", """{ "Name": "A", "Key__c": "1", "Money__c": 1 }""");
        (await sf.Patch($"{Root}/sobjects/Account/Key__c/1", """{ "Money__c": -1 }""")).Expect(400);
        Assert.Equal(["1"], await sf.Values("SELECT Money__c FROM Account", "Money__c"));
        (await sf.Post("/_setup/validationRules", """{ "object": "Account", "when": "Nope < 0", "message": "x" }""")).Expect(400);
    }
}
