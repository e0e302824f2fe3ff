using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Tests.Salesforce;

namespace WorkflowEngine.Simulators.Tests.Clients;

/// <summary>A subscriber written by others believes the simulated event service to be Salesforce's: schemas, compounds, bitmaps, places.</summary>
public sealed class PubSubClientTests
{
    [Fact]
    public async Task A_foreign_subscriber_reads_latest_earliest_and_from_a_stored_place()
    {
        await using var sf = await OrgFixture.Start(o => o with { PubSubPort = 0, TimeProvider = TimeProvider.System });
        var seen = await NodeClient.RunAsync(
            "pubsub", [sf.Http.BaseAddress!.ToString().TrimEnd('/'), SalesforceSimulator.ClientId, SalesforceSimulator.ClientSecret, sf.SecureAddress!.Authority], TestContext.Current.CancellationToken);
        string Said(string name) => seen.GetProperty(name).GetRawText();
        Assert.Equal("""["CREATE",true,"Boise",5]""", Said("first"));
        Assert.Equal("""["UPDATE",true,"com/salesforce/api/rest/67.0;client=acme-sync",["AnnualRevenue","BillingAddress.City","Industry","LastModifiedDate"],["AnnualRevenue"]]""", Said("update"));
        Assert.Equal(("\"DELETE\"", "\"Before\"", "\"DELETE\""), (Said("deleted"), Said("earliest"), Said("after")));
        Assert.Contains("replayid.validation.failed", Said("refused"), StringComparison.Ordinal);
    }
}
