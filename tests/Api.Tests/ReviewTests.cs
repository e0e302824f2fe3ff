using System.Net;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>Questions that wait for a person.</summary>
public sealed class ReviewTests : IAsyncLifetime
{
    private const string Flow = """
        flow: orders
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          name: { type: text }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - upsert: salesforce/Account
            match: [ [AccountNumber], [Name] ]
            onAmbiguous: review
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_person_says_which_record_is_meant_and_the_run_goes_on_with_it()
    {
        foreach (var _ in Enumerable.Range(0, 2)) _world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Ruiz" });
        (await _world.HookAsync("""{ "id": "r1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var open = await _world.UntilAsync("/api/reviews?deployment=orders", r => r.GetArrayLength() == 1);
        var id = open[0].GetProperty("id").GetString();
        Assert.Equal(("ambiguous", JsonValueKind.Null), (open[0].GetProperty("kind").GetString(), open[0].GetProperty("decision").ValueKind));
        var detail = await _world.GetAsync("/api/reviews/" + id);
        Assert.Equal(2, detail.GetProperty("candidates").GetArrayLength());
        Assert.Equal("Ruiz", detail.GetProperty("wanted").GetProperty("Name").GetString());
        var record = detail.GetProperty("candidates")[0].GetProperty("Id").GetString();
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision = "approve" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision = "use", record = "nobody" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        var decided = await _world.PostAsync($"/api/reviews/{id}/decision", new { decision = "use", record, comment = "the older one" });
        Assert.Equal(("use", "local"), (decided.GetProperty("decision").GetString(), decided.GetProperty("decidedBy").GetString()));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision = "skip" }), HttpStatusCode.Conflict, "conflict");
        var runs = await _world.UntilAsync("/api/runs?key=r1&outcome=succeeded", r => r.GetArrayLength() == 1);
        var effect = (await _world.GetAsync("/api/runs/" + runs[0].GetProperty("id").GetString())).GetProperty("effects").EnumerateArray().Single();
        Assert.Equal(("updated", record), (effect.GetProperty("verb").GetString(), effect.GetProperty("record").GetString()));
        Assert.Empty((await _world.GetAsync("/api/reviews")).GetProperty("data").EnumerateArray());
        Assert.Single((await _world.GetAsync("/api/reviews?state=all")).GetProperty("data").EnumerateArray());
    }
}
