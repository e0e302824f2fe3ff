using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.Designer.Tests;

/// <summary>What the engine will not decide is decided at the screen.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class ReviewTests(DesignerStage stage)
{
    [Fact]
    public async Task A_person_sees_both_records_side_by_side_and_says_which_is_meant()
    {
        var page = await stage.OpenAsync("/");
        var org = stage.World.Vendors.Salesforce;
        foreach (var phone in new[] { "208-555-0101", "208-555-0202" })
        {
            org.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Twin Testperson", ["BillingStreet"] = "1 Maple St", ["BillingPostalCode"] = "83702", ["BillingCity"] = phone[^1] == '1' ? "Boise" : "Meridian", ["Phone"] = phone });
        }

        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(79_000_001, "Twin Testperson"));
        await page.GotoAsync($"{stage.Address}/designer/reviews");
        var group = page.GetByRole(AriaRole.Region, new() { Name = "Several records match, account" });
        await Assertions.Expect(group).ToContainTextAsync("1 record", new() { Timeout = 30_000 });
        await group.GetByRole(AriaRole.Button, new() { Name = "79000001" }).ClickAsync();
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Review" });
        await Assertions.Expect(detail).ToContainTextAsync("Twin Testperson");
        await Assertions.Expect(detail.GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(4);
        await DesignerStage.PictureAsync(page, "review");
        await ScreenTests.AccessibleAsync(page);
        await detail.GetByLabel("Comment").FillAsync("the one in Meridian");
        var meridian = OrgView.Accounts(org).Single(a => a["Name"] == "Twin Testperson" && a["BillingCity"] == "Meridian")["Id"]!;
        await detail.GetByRole(AriaRole.Columnheader).Filter(new() { HasText = meridian }).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(detail.GetByText("The run goes on with the record you choose.").First).ToBeVisibleAsync();
        await Assertions.Expect(detail.GetByText("chosen")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "review-decided");
        await stage.World.SettleAsync();
        Assert.Equal(meridian, OrgView.Accounts(org).Single(a => a[CustomerKey] == "79000001")["Id"]);
        var decided = (await stage.Api.GetFromJsonAsync<JsonElement>("/api/reviews?state=decided")).GetProperty("data")[0];
        Assert.Equal(("use", "the one in Meridian"), (decided.GetProperty("decision").GetString(), decided.GetProperty("comment").GetString()));
        await Assertions.Expect(page.GetByText("No question waits for you.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Decided" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "79000001" })).ToBeVisibleAsync();
    }
}
