using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>A flow's life at the screen: deployed, at work, broken, understood, mended.</summary>
[Collection(nameof(DesignerStage))]
public sealed class ArrivalTests(DesignerStage stage)
{
    private const int Customers = 50;
    private const long First = 76_100_001;
    private const long Late = 76_200_001;

    private const string Flow = """
        flow: arrivals
        title: Customers arrive as Accounts
        version: 1.0.0
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed }
        steps:
          - id: account
            upsert: salesforce/Account
            match: [[AccountNumber]]
            set:
              AccountNumber: =input.id
              Name: '="Arrival " + input.id'
              Site: =input.address.city
            options: { duplicates: accept }

        """;

    [Fact]
    public async Task Fifty_records_arrive_after_the_wizard_and_a_broken_mapping_is_mended_from_its_dead_letter()
    {
        using var made = await stage.Api.PutAsJsonAsync("/api/templates/arrivals", new { files = new[] { new { path = "flow.yaml", content = Flow } }, note = "as it was meant" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var page = await stage.OpenAsync("/deploy?template=arrivals&step=connections");
        foreach (var (system, connection) in new[] { ("ServiceTitan", "tenant"), ("Salesforce", "org") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = system }).ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = connection }).ClickAsync();
        }

        await DeployAsync(page);
        for (var i = 0; i < Customers; i++) stage.World.Vendors.ServiceTitan.AddCustomer(People.One(First + i, $"Arriving Person {i}"));
        var card = page.GetByRole(AriaRole.Region, new() { Name = "arrivals" });
        await Assertions.Expect(card.Locator(".counts > div").Filter(new() { HasText = "Succeeded" }).Locator("b")).ToHaveTextAsync("50", new() { Timeout = 120_000 });
        await DesignerStage.PictureAsync(page, "fifty-arrived");
        Assert.Equal(Customers, Arrived().Count(n => n >= First && n < First + Customers));

        // A mapping that Salesforce will not take.
        await page.GotoAsync($"{stage.Address}/designer/flows/arrivals?tab=mapping&step=steps/0");
        await MapSiteAsync(page, string.Join(" + ", Enumerable.Repeat("input.name", 12)));
        await PublishAndDeployAsync(page);
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(Late, "Late Longname"));
        await page.GotoAsync($"{stage.Address}/designer/dead-letters?deployment=arrivals");
        await page.Locator("tbody tr button.link").First.ClickAsync(new() { Timeout = 60_000 });
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Dead letter" });
        await Assertions.Expect(detail).ToContainTextAsync("Site");
        await Assertions.Expect(detail).ToContainTextAsync("Late Longname");
        await DesignerStage.PictureAsync(page, "broken-mapping");
        Assert.DoesNotContain(Late, Arrived());

        // From the letter to the flow, mended there, and sent again.
        await detail.GetByRole(AriaRole.Link, new() { Name = "Open the flow" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mapping", Exact = true }).ClickAsync();
        await MapSiteAsync(page, "input.address.city");
        await PublishAndDeployAsync(page);
        await page.GotoAsync($"{stage.Address}/designer/dead-letters?deployment=arrivals");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay all" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "From the start" }).ClickAsync();
        await Assertions.Expect(page.GetByText("sent again.").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing waits for you")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await stage.World.UntilAsync(() => Arrived().Contains(Late), "the late customer arrived");
        using var gone = await stage.Api.DeleteAsync("/api/deployments/arrivals");
    }

    private List<long> Arrived() => [.. stage.World.Vendors.Salesforce.Records("Account", "AccountNumber").Select(a => long.TryParse(a["AccountNumber"], out var number) ? number : 0).Where(n => n > 0)];

    private static async Task DeployAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and deploy" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy arrivals" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "arrivals" })).ToContainTextAsync("Active", new() { Timeout = 30_000 });
    }

    private static async Task MapSiteAsync(IPage page, string expression)
    {
        await page.Locator("[data-target='Site']").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { NameString = "Expression of" }).ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(expression);
        await page.Keyboard.PressAsync("Enter");
        await DesignTests.SavedAsync(page);
    }

    private async Task PublishAndDeployAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Published" }).WaitForAsync();
        await page.GotoAsync($"{stage.Address}/designer/deployments");
        await page.GetByRole(AriaRole.Region, new() { Name = "arrivals" }).GetByRole(AriaRole.Link, new() { Name = "Change" }).ClickAsync();
        await DeployAsync(page);
    }
}
