using System.Net;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class MetadataTests
{
    private const string Described = """
        {"name":"Invoice__c","label":"Invoice","createable":true,"updateable":true,"deletable":false,"queryable":true,"fields":[
          {"name":"Id","label":"Record ID","type":"id","nillable":false,"filterable":true,"caseSensitive":false},
          {"name":"SystemModstamp","type":"datetime","nillable":false,"filterable":true},
          {"name":"Name","label":"Number","type":"string","length":80,"nillable":false,"createable":true,"updateable":true,"defaultedOnCreate":true,"filterable":true,"caseSensitive":false},
          {"name":"ServiceTitan_Invoice_Id__c","type":"string","length":20,"nillable":true,"createable":true,"updateable":true,"filterable":true,"externalId":true,"unique":true,"caseSensitive":true},
          {"name":"Opportunity__c","type":"reference","referenceTo":["Opportunity"],"relationshipName":"Opportunity__r","nillable":false,"createable":true,"updateable":false,"filterable":true,"cascadeDelete":true},
          {"name":"OwnerId","type":"reference","referenceTo":["Group","User"],"relationshipName":"Owner","nillable":false,"createable":true,"updateable":true,"defaultedOnCreate":true,"filterable":true},
          {"name":"Revenue__c","type":"currency","precision":18,"scale":2,"nillable":true,"createable":true,"updateable":true,"filterable":true},
          {"name":"Kind__c","type":"picklist","restrictedPicklist":true,"picklistValues":[{"active":true,"value":"Invoice"},{"active":false,"value":"Old"},{"active":true,"value":"Adjustment"}],"nillable":true,"createable":true,"updateable":true,"filterable":true},
          {"name":"Story__c","type":"textarea","length":32000,"nillable":true,"createable":true,"updateable":true,"filterable":false},
          {"name":"Formula__c","type":"string","calculated":true,"nillable":true,"createable":false,"updateable":false,"filterable":true},
          {"name":"Place__c","type":"address","nillable":true,"filterable":true},
          {"name":"Phone__c","type":"phone","length":40,"nillable":true,"createable":true,"updateable":true,"filterable":true},
          {"type":"string"},7
        ]}
        """;

    [Fact]
    public async Task A_describe_answer_becomes_an_entity_of_the_catalogue()
    {
        var org = new ScriptedOrg(_ => Json(Described));
        await using var connection = org.Connect();
        var entity = (await connection.DescribeAsync("Invoice__c", default)).Value!;

        Assert.Equal(("Invoice__c", "Invoice", "Id", "SystemModstamp"), (entity.Name, entity.Title, entity.IdField, entity.VersionField));
        Assert.Equal((true, true, false, true), (entity.Creatable, entity.Updatable, entity.Deletable, entity.Extensible));
        Assert.Equal(["Opportunity__c"], entity.LockParents);
        var key = entity.Field("ServiceTitan_Invoice_Id__c")!;
        Assert.Equal((true, true, false, SearchForm.Exact, 20), (key.ExternalId, key.Unique, key.IgnoreCase, key.Search, key.Type.Length));
        Assert.False(entity.Field("Name")!.RequiredOnCreate);
        var parent = entity.Field("Opportunity__c")!;
        Assert.Equal(("Opportunity", "Opportunity__r", true, false), (parent.Type.Entity, parent.Relationship, parent.RequiredOnCreate, parent.Updatable));
        Assert.Null(entity.Field("OwnerId")!.Type.Entity);
        Assert.Equal((FieldKind.Decimal, 2), (entity.Field("Revenue__c")!.Type.Kind, entity.Field("Revenue__c")!.Type.Scale));
        Assert.Equal(["Invoice", "Adjustment"], entity.Field("Kind__c")!.Type.Choices!);
        Assert.False(entity.Field("Kind__c")!.Type.OpenChoices);
        Assert.Equal((FieldKind.LongText, SearchForm.None), (entity.Field("Story__c")!.Type.Kind, entity.Field("Story__c")!.Search));
        Assert.False(entity.Field("Formula__c")!.Creatable);
        Assert.Equal(FieldKind.Any, entity.Field("Place__c")!.Type.Kind);
        Assert.Equal(SearchForm.PhoneSpellings, entity.Field("Phone__c")!.Search);
    }

    [Fact]
    public async Task An_object_is_described_again_only_when_it_has_changed()
    {
        var org = new ScriptedOrg(sent =>
        {
            if (sent.Headers.ContainsKey("If-Modified-Since")) return new HttpResponseMessage(HttpStatusCode.NotModified);
            var answer = Json(Described);
            answer.Content.Headers.LastModified = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
            answer.Headers.Date = new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
            return answer;
        });
        await using var connection = org.Connect();
        var first = await connection.DescribeAsync("Invoice__c", default);
        var second = await connection.DescribeAsync("Invoice__c", default);

        Assert.Same(first.Value, second.Value);
        Assert.Equal("Sat, 14 Mar 2026 11:59:59 GMT", org.Calls.Last().Headers["If-Modified-Since"]);
    }

    [Fact]
    public async Task An_unknown_object_is_a_matter_of_the_org()
    {
        var org = new ScriptedOrg(_ => Error("NOT_FOUND", "The requested resource does not exist", 404));
        await using var connection = org.Connect();
        Assert.Equal(ErrorKind.Misconfigured, (await connection.DescribeAsync("Thing__c", default)).Error?.Kind);
        Assert.Equal(ErrorKind.Bug, (await connection.DescribeAsync("../limits", default)).Error?.Kind);
    }

    [Fact]
    public void The_catalogue_holds_what_the_templates_use()
    {
        var catalogue = new SalesforceConnector().Descriptor;
        Assert.Equal(("salesforce", true, TimeSpan.FromMinutes(1)), (catalogue.Name, catalogue.Extensible, catalogue.Settle));
        foreach (var (entity, fields) in new (string, string)[]
        {
            ("Account", "Id Name Phone Website Description Type BillingStreet BillingCity BillingState BillingPostalCode BillingCountry OwnerId"),
            ("Contact", "Id FirstName LastName Email MobilePhone Phone AccountId"),
            ("Opportunity", "Id Name AccountId OwnerId Type StageName CloseDate Amount Description RecordTypeId IsWon IsClosed HasOpportunityLineItem"),
            ("OpportunityContactRole", "OpportunityId ContactId IsPrimary"),
            ("Task", "Id OwnerId WhatId Subject Description ActivityDate Status"),
            ("Case", "Id OwnerId AccountId ContactId Subject Description Origin Status Priority SuppliedName SuppliedEmail ParentId IsClosed CreatedDate"),
            ("User", "Id IsActive Name Email"),
            ("Group", "Id Type Name"),
            ("RecordType", "Id SobjectType Name DeveloperName"),
            ("Campaign", "Id Name"),
            ("CampaignMember", "Id CampaignId ContactId Status"),
            ("CampaignMemberStatus", "Id CampaignId Label"),
        })
        {
            var known = catalogue.Entity(entity);
            Assert.NotNull(known);
            Assert.Equal(("Id", "SystemModstamp", true), (known.IdField, known.VersionField, known.Extensible));
            foreach (var field in fields.Split(' ')) Assert.True(known.Field(field) is not null, $"{entity}.{field}");
        }

        // Every reference leads to an object of the catalogue or says that it may lead to several.
        foreach (var field in catalogue.Entities.SelectMany(e => e.Fields).Where(f => f.Type is { Kind: FieldKind.Id, Entity: not null })) Assert.NotNull(catalogue.Entity(field.Type.Entity!));
        foreach (var parent in catalogue.Entities.SelectMany(e => e.LockParents.Select(p => (e, p)))) Assert.NotNull(parent.e.Field(parent.p));
    }
}
