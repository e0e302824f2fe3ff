using System.Text.Json.Nodes;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>Copies of a test's records: others, but tied to each other as those of the test are.</summary>
public sealed class SampleCopierTests
{
    private const string Tests = """
        flow: any
        tests:
          - name: one
            given:
              parameters: { owner: boss, campaign: "21" }
              servicetitan:
                customer: [{ id: 7, name: Dana Whitfield, contacts: [{ type: Email, value: dana@example.com }, { type: Phone, value: (208) 555-0143 }] }]
                job: [{ id: 900, jobNumber: "900", customerId: 7, technicianIds: [3044], campaignId: 21, summary: 7 filters, appointments: [{ id: 910 }] }]
                technician: [{ id: 3044, name: Ana Diaz }]
              salesforce:
                Account: [{ Id: hers, Name: Dana Whitfield, OwnerId: boss, ServiceTitan_Customer_Id__c: "7" }]
                Contact: [{ LastName: Park, AccountId: hers, ServiceTitan_Person_Key__c: 7/primary }, { LastName: Lee, ServiceTitan_Person_Key__c: 9/primary }]
        """;

    private readonly List<(string Entity, ObjectValue Record)> _records;
    private readonly SampleCopier _copier;

    public SampleCopierTests()
    {
        var given = TestsParser.Parse(new SourceText("flow.tests.yaml", Tests)).Value!.Tests[0].Given;
        _records = [.. given.Systems.SelectMany(s => s.Entities).SelectMany(e => e.Records.Select(r => (e.Entity.Value, r)))];
        _copier = new SampleCopier(_records, [.. given.Parameters.Select(p => p.Value)]);
    }

    [Fact]
    public void Ids_and_what_refers_to_them_are_another_number_in_each_copy()
    {
        var (customer, job, account) = (Copy("customer", 3), Copy("job", 3), Copy("Account", 3));
        Assert.Equal("3007", Text(customer["id"]));
        Assert.Equal("3007", Text(job["customerId"]));
        Assert.Equal(("3900", "3900", "3910"), (Text(job["id"]), Text(job["jobNumber"]), Text(job["appointments"]![0]!["id"])));
        Assert.Equal(("hers-3", "3007"), (Text(account["Id"]), Text(account["ServiceTitan_Customer_Id__c"])));
        Assert.Equal(("hers-3", "3007/primary"), (Text(Copy("Contact", 3)["AccountId"]), Text(Copy("Contact", 3)["ServiceTitan_Person_Key__c"])));
        Assert.Equal("9/primary-3", Text(Copy("Contact", 3, 1)["ServiceTitan_Person_Key__c"]));
    }

    [Fact]
    public void What_the_company_has_once_stays_as_it_is()
    {
        Assert.False(_copier.IsCopied("technician", _records.First(r => r.Entity == "technician").Record));
        var job = Copy("job", 3);
        Assert.Equal(("3044", "21", "7 filters"), (Text(job["technicianIds"]![0]), Text(job["campaignId"]), Text(job["summary"])));
        Assert.Equal("boss", Text(Copy("Account", 3)["OwnerId"]));
    }

    [Fact]
    public void People_of_two_copies_are_not_taken_for_each_other()
    {
        var copies = Enumerable.Range(1, 2000).Select(i => Copy("customer", i)).ToList();
        Assert.Equal(2000, copies.Select(c => Text(c["name"])).Distinct().Count());
        Assert.Equal(2000, copies.Select(c => Text(c["contacts"]![0]!["value"])).Distinct().Count());
        Assert.Equal(2000, copies.Select(c => Text(c["contacts"]![1]!["value"])).Distinct().Count());
        Assert.All(copies, c => Assert.Matches(@"^\(208\) [2-9]\d\d-\d{4}$", Text(c["contacts"]![1]!["value"])));
        // The same person in both systems is the same person in both systems of a copy.
        Assert.Equal(Text(Copy("Account", 5)["Name"]), Text(Copy("customer", 5)["name"]));
    }

    private JsonObject Copy(string entity, int copy, int which = 0) => VendorJson.Of(_copier.Of(_records.Where(r => r.Entity == entity).ElementAt(which).Record, copy), []);

    private static string Text(JsonNode? node) => node!.ToString();
}
