using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Tests.Salesforce;

namespace WorkflowEngine.Simulators.Tests.Clients;

/// <summary>A client written by others believes the simulated org to be Salesforce. Skipped where its packages cannot be restored.</summary>
public sealed class JsforceTests
{
    [Fact]
    public async Task Jsforce_runs_unmodified_against_the_simulated_org()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sf = await OrgFixture.Start(o => o with { QueryPageSize = 200, TimeProvider = TimeProvider.System });
        var seen = await NodeClient.RunAsync("jsforce", [sf.Http.BaseAddress!.ToString().TrimEnd('/'), SalesforceSimulator.ClientId, SalesforceSimulator.ClientSecret], cancel);
        string Said(string name) => seen.GetProperty(name).GetRawText();
        Assert.Equal(("true", "[\"Key__c\"]", "true"), (Said("signedIn"), Said("key"), Said("objects")));
        Assert.Equal(("true", "O'Brien & Söhne", "true", "208"), (Said("created"), seen.GetProperty("read").GetString(), Said("updated"), seen.GetProperty("phone").GetString()));
        Assert.Equal(("[true,false,true]", "\"MULTIPLE_CHOICES\""), (Said("upserts"), Said("several")));
        Assert.Equal(("[true,false]", "[\"ALL_OR_NONE_OPERATION_ROLLED_BACK\",\"REQUIRED_FIELD_MISSING\"]"), (Said("loose"), Said("strict")));
        Assert.Equal(("450", "[450,200,false]", "200", "450", "450"), (Said("many"), Said("pages"), Said("second"), Said("all"), Said("count")));
        Assert.Equal(("true", "250", "200"), (Said("deleted"), Said("left"), Said("bin")));
        Assert.Equal("[240,10,0]", Said("bulk"));
        Assert.Equal("[\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\"]", Said("bulkErrors"));
        Assert.Equal(10, seen.GetProperty("bulkKeys").GetArrayLength());
        Assert.Equal("[240,true]", Said("queried"));
        Assert.Equal(("100000", "true"), (Said("limits"), Said("usage")));
    }
}
