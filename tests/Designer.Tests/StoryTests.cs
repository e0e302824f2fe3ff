using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>What a person does from the first deployment to the first repair, at the screen alone; in a world of its own, in which nobody else deploys, pauses or moves the time.</summary>
public sealed class StoryTests(DesignerStage stage) : IClassFixture<DesignerStage>
{
    private const string Key = "Arrival_Key__c";

    private const string Flow = $$"""
        flow: arrivals
        title: Customers become leads
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        requires:
          salesforce:
            Lead: { {{Key}}: { type: text, length: 40, externalId: true, unique: true } }
        trigger: { on: servicetitan/customer.changed }
        key: =input.id
        steps:
          - id: lead
            upsert: salesforce/Lead
            match: [[{{Key}}]]
            set:
              {{Key}}: =input.id
              LastName: =input.name
              Company: =input.name
        """;

    [Fact]
    public async Task A_template_is_deployed_fifty_records_arrive_a_mapping_breaks_and_is_mended_from_its_dead_letter()
    {
        using var made = await stage.Api.PutAsJsonAsync("/api/templates/arrivals", new { files = new[] { new { path = "flow.yaml", content = Flow } } });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var page = await stage.OpenAsync("/deploy?template=arrivals&step=connections");
        foreach (var (system, connection) in new[] { ("ServiceTitan", "tenant"), ("Salesforce", "org") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = system }).ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = connection }).ClickAsync();
        }

        // What the org lacks is told by name, and made on request.
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and deploy" }).ClickAsync();
        var missing = page.GetByRole(AriaRole.Region, new() { Name = "What is missing" });
        await Assertions.Expect(missing).ToContainTextAsync("Lead." + Key);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Deploy arrivals" })).ToBeDisabledAsync();
        await DesignerStage.PictureAsync(page, "deploy-lacking");
        await ScreenTests.AccessibleAsync(page);
        await missing.GetByRole(AriaRole.Button, new() { Name = "Make 1 field" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Lead." + Key);
        await DesignerStage.PictureAsync(page, "deploy-make-fields");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 field made")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Both systems have what the flow needs.")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "deploy-made");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy arrivals" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "arrivals" })).ToContainTextAsync("Active");

        // Fifty records arrive while somebody watches.
        await page.GetByRole(AriaRole.Region, new() { Name = "arrivals" }).GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Outcome" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Succeeded" }).ClickAsync();
        await page.WaitForURLAsync("**outcome=succeeded**");
        foreach (var person in People.Of(50, 76_000_001)) stage.World.Vendors.ServiceTitan.AddCustomer(person);
        await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasText = "Succeeded" })).ToHaveCountAsync(50, new() { Timeout = 60_000 });
        await DesignerStage.PictureAsync(page, "fifty-arrived");
        Assert.Equal(50, Leads().Count(l => l[Key]?.StartsWith("760000", StringComparison.Ordinal) == true));

        // A mapping is broken and given to the deployment.
        await page.GotoAsync($"{stage.Address}/designer/flows/arrivals?tab=mapping&step=steps/0");
        await MapNameAsync(page, "input.address.unit");
        // The compiler warns of it, and does not forbid it: the org might fill the field itself.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 problem" })).ToBeVisibleAsync();
        await GiveAsync(page);
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(76_000_099, "Stray Testperson"));
        await page.GotoAsync($"{stage.Address}/designer/dead-letters?deployment=arrivals");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("REQUIRED") }).ClickAsync();
        var letter = page.GetByRole(AriaRole.Complementary, new() { Name = "Dead letter" });
        await Assertions.Expect(letter).ToContainTextAsync("76000099");
        await DesignerStage.PictureAsync(page, "letter-of-a-mapping");
        await ScreenTests.AccessibleAsync(page);

        // From the letter to the line at fault, with the record that met it.
        await letter.GetByRole(AriaRole.Link, new() { Name = "Mend its mapping" }).ClickAsync();
        await page.Locator("[data-target='LastName']").ClickAsync();
        await Assertions.Expect(page.Locator(".result.bad")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stray Testperson Sample" })).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "mend-mapping");
        await MapNameAsync(page, "input.name");
        await Assertions.Expect(page.GetByText("No problems")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-target='LastName']")).ToContainTextAsync("Stray Testperson");
        await GiveAsync(page);
        await page.GotoAsync($"{stage.Address}/designer/dead-letters?deployment=arrivals");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("REQUIRED") }).ClickAsync();
        await letter.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Sent again.").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing waits for you")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        // The letter has left the list; what was done with it can still be read.
        await Assertions.Expect(letter).ToContainTextAsync("76000099: Sent again.");
        await stage.World.SettleAsync();
        Assert.Equal("Stray Testperson", Assert.Single(Leads(), l => l[Key] == "76000099")["LastName"]);
        using var gone = await stage.Api.DeleteAsync("/api/deployments/arrivals");
        Assert.True(gone.IsSuccessStatusCode, await gone.Content.ReadAsStringAsync());
    }

    private IReadOnlyList<IReadOnlyDictionary<string, string?>> Leads() => stage.World.Vendors.Salesforce.Records("Lead", [Key, "LastName"]);

    private static async Task MapNameAsync(IPage page, string expression)
    {
        await page.Locator("[data-target='LastName']").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { NameString = "Expression of" }).ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(expression);
        await page.Keyboard.PressAsync("Enter");
        await DesignTests.SavedAsync(page);
    }

    /// <summary>Publishes what is open, and gives it to the deployment that runs.</summary>
    private static async Task GiveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link, new() { Name = "Give it to arrivals" }).ClickAsync();
        // What would change is read first, and moves the button below it when it comes.
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Plan" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("Trying it with records as they are now")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy arrivals" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "arrivals" })).ToContainTextAsync("Active");
    }
}
