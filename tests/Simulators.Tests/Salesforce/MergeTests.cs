using System.Text;
using System.Xml.Linq;
using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class MergeTests
{
    [Fact]
    public async Task A_merge_moves_children_and_leaves_a_trace()
    {
        await using var sf = await Start();
        var (keep, lose) = (await sf.Create("Account", """{ "Name": "Keep" }"""), await sf.Create("Account", """{ "Name": "Lose", "Phone": "1", "Key__c": "7" }"""));
        var contact = await sf.Create("Contact", $$"""{ "LastName": "C", "AccountId": "{{lose}}" }""");
        var site = await sf.Create("Site__c", $$"""{ "Name": "S", "Account__c": "{{lose}}" }""");
        var result = Results(await Merge(sf, Request("Account", keep, $"<so:Phone>2</so:Phone>", lose)))[0];
        Assert.Equal("true", Value(result, "success"));
        Assert.Equal([lose], Values(result, "mergedRecordIds"));
        Assert.Equal([contact, site], Values(result, "updatedRelatedIds").Order());
        Assert.Equal([keep], await sf.Values("SELECT AccountId FROM Contact", "AccountId"));
        Assert.Equal(["2"], await sf.Values("SELECT Phone FROM Account", "Phone"));
        var all = (await sf.Get($"{Root}/queryAll?q={Uri.EscapeDataString("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = TRUE AND MasterRecordId != null")}")).Expect(200).Json;
        Assert.Equal((lose, keep), (all.GetProperty("records")[0].GetProperty("Id").GetString(), all.GetProperty("records")[0].GetProperty("MasterRecordId").GetString()));
        Assert.Equal("ENTITY_IS_DELETED", Code((await sf.Get($"{Root}/sobjects/Account/{lose}")).Expect(404)));
        // The loser's key is free now.
        (await sf.Patch($"{Root}/sobjects/Account/{keep}", """{ "Key__c": "7" }""")).Expect(204);
    }

    [Fact]
    public async Task Each_request_is_a_transaction_of_its_own()
    {
        await using var sf = await Start();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await sf.Create("Contact", $$"""{ "LastName": "C{{i}}" }"""));
        var results = Results(await Merge(sf, Request("Contact", ids[0], "", ids[0]) + Request("Contact", ids[0], "", ids[1], ids[2]) + Request("Contact", ids[3], "<so:Email>nonsense</so:Email>", ids[4]) + Request("Case", "5005g0000000001AAA", "", ids[4])));
        Assert.Equal(["false", "true", "false", "false"], results.Select(r => Value(r, "success")));
        Assert.Equal(["MERGE_FAILED", null, "INVALID_EMAIL_ADDRESS", "INVALID_CROSS_REFERENCE_KEY"], results.Select(r => r.Descendants().FirstOrDefault(e => e.Name.LocalName == "statusCode")?.Value));
        Assert.Equal(3, (await sf.Values("SELECT Id FROM Contact", "Id")).Length);
    }

    [Fact]
    public async Task A_membership_both_had_is_kept_once()
    {
        await using var sf = await Start();
        var campaign = await sf.Create("Campaign", """{ "Name": "Gold" }""");
        var (keep, lose) = (await sf.Create("Contact", """{ "LastName": "K" }"""), await sf.Create("Contact", """{ "LastName": "L" }"""));
        foreach (var id in (string[])[keep, lose]) await sf.Create("CampaignMember", $$"""{ "CampaignId": "{{campaign}}", "ContactId": "{{id}}" }""");
        Results(await Merge(sf, Request("Contact", keep, "", lose)));
        Assert.Equal([keep], await sf.Values("SELECT ContactId FROM CampaignMember", "ContactId"));
    }

    [Fact]
    public async Task A_foreign_element_and_a_foreign_session_are_faults()
    {
        await using var sf = await Start();
        Assert.Equal(500, (await Merge(sf, "<urn:mergeRequests/>")).Status);
        sf.Token = "nobody";
        var reply = await Merge(sf, "");
        Assert.Equal(500, reply.Status);
        Assert.Contains("<faultcode>sf:INVALID_SESSION_ID</faultcode>", reply.Text, StringComparison.Ordinal);
    }

    private static string Request(string type, string keep, string fields, params string[] lose) =>
        $"<urn:request><urn:masterRecord><so:type>{type}</so:type><so:Id>{keep}</so:Id>{fields}</urn:masterRecord>{string.Concat(lose.Select(l => $"<urn:recordToMergeIds>{l}</urn:recordToMergeIds>"))}</urn:request>";

    private static async Task<HttpReply> Merge(OrgFixture sf, string requests)
    {
        using var content = new StringContent(
            $"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com" xmlns:so="urn:sobject.partner.soap.sforce.com"><soapenv:Header><urn:SessionHeader><urn:sessionId>{sf.Token}</urn:sessionId></urn:SessionHeader></soapenv:Header><soapenv:Body><urn:merge>{requests}</urn:merge></soapenv:Body></soapenv:Envelope>""",
            Encoding.UTF8, "text/xml");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/services/Soap/u/67.0") { Content = content };
        request.Headers.Add("SOAPAction", "\"\"");
        return await HttpReply.Of(await sf.Http.SendAsync(request));
    }

    private static List<XElement> Results(HttpReply reply) => [.. XElement.Parse(reply.Expect(200).Text).Descendants().Where(e => e.Name.LocalName == "result")];

    private static string? Value(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static IEnumerable<string> Values(XElement of, string name) => of.Elements().Where(e => e.Name.LocalName == name).Select(e => e.Value);
}
