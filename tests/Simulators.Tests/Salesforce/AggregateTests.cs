using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class AggregateTests
{
    private static async Task<OrgFixture> Org()
    {
        var sf = await Start();
        await sf.Create("Account", """{ "Name": "A", "Key__c": "1", "Money__c": 5.25, "BillingCity": "Boise" }""");
        await sf.Create("Account", """{ "Name": "B", "Key__c": "2", "Money__c": 10, "BillingCity": "Nampa" }""");
        await sf.Create("Account", """{ "Name": "C", "Key__c": "3", "BillingCity": "boise" }""");
        return sf;
    }

    [Theory]
    [InlineData("SELECT COUNT(Id) n, SUM(Money__c) total, MIN(Money__c) least, MAX(Money__c) most FROM Account", "n=3 total=15.25 least=5.25 most=10")]
    [InlineData("SELECT COUNT(Money__c), AVG(Money__c) FROM Account", "expr0=2 expr1=7.625")]
    [InlineData("SELECT SUM(Money__c), COUNT(Id) FROM Account WHERE Key__c = '9'", "expr0= expr1=0")]
    [InlineData("SELECT BillingCity, COUNT(Id) n FROM Account GROUP BY BillingCity ORDER BY COUNT(Id) DESC", "BillingCity=Boise n=2|BillingCity=Nampa n=1")]
    [InlineData("SELECT BillingCity town, SUM(Money__c) FROM Account GROUP BY BillingCity HAVING SUM(Money__c) > 6", "town=Nampa expr0=10")]
    [InlineData("SELECT COUNT_DISTINCT(BillingCity) c FROM Account", "c=2")]
    [InlineData("SELECT Owner.Name who, COUNT(Id) n FROM Account GROUP BY Owner.Name", "who=Integration User n=3")]
    [InlineData("SELECT BillingCity FROM Account GROUP BY BillingCity ORDER BY BillingCity DESC LIMIT 1", "BillingCity=Nampa")]
    public async Task Sums_are_rows_of_their_own(string soql, string rows)
    {
        await using var sf = await Org();
        var json = (await sf.Query(soql)).Expect(200).Json;
        Assert.All(json.GetProperty("records").EnumerateArray(), r => Assert.Equal("AggregateResult", r.GetProperty("attributes").GetProperty("type").GetString()));
        Assert.Equal(rows, string.Join('|', json.GetProperty("records").EnumerateArray().Select(r => string.Join(' ', r.EnumerateObject().Where(p => p.Name != "attributes").Select(p => $"{p.Name}={p.Value}")))));
    }

    [Theory]
    [InlineData("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT Name, BillingCity FROM Account GROUP BY BillingCity", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT SUM(Name) FROM Account", "INVALID_FIELD", "does not support aggregate operator SUM")]
    [InlineData("SELECT Name n FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing")]
    [InlineData("SELECT COUNT(Id) FROM Account GROUP BY Description", "INVALID_FIELD", "can not be grouped")]
    public async Task What_cannot_be_summed_is_refused(string soql, string code, string words)
    {
        await using var sf = await Org();
        var reply = (await sf.Query(soql)).Expect(400);
        Assert.Equal(code, Code(reply));
        Assert.Contains(words, Message(reply), StringComparison.Ordinal);
    }
}
