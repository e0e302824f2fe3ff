using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>What a flow did and what was published of it stand beside its canvas.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class FlowTabTests(DesignerStage stage)
{
    [Fact]
    public async Task The_runs_of_a_flow_are_beside_its_canvas_and_one_of_them_lies_over_it()
    {
        var run = await stage.RunOfAsync("77000007");
        var page = await stage.OpenAsync("/flows/customer-to-salesforce");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Views of this flow" }).GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(page.GetByText(new System.Text.RegularExpressions.Regex("^Runs of (customers|all \\d deployments of this flow)$"))).ToBeVisibleAsync();
        await page.GetByPlaceholder("Key, then Enter").FillAsync("77000007");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasText = "77000007" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasNotText = "77000007" })).ToHaveCountAsync(0);
        await page.GotoAsync($"{stage.Address}/designer/flows/customer-to-salesforce?tab=runs&run={run}");
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Run" });
        await Assertions.Expect(detail).ToContainTextAsync("Written records");
        await DesignerStage.PictureAsync(page, "flow-runs");
        await ScreenTests.AccessibleAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Design", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".card").Filter(new() { HasText = "Account" }).Filter(new() { HasText = "Created" }).First).ToBeAttachedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Runs", Exact = true }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Outcome" }).Or(page.GetByRole(AriaRole.Button, new() { Name = "All outcomes" })).First.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Failed" }).ClickAsync();
        await page.WaitForURLAsync("**outcome=failed**");
    }

    [Fact]
    public async Task A_flow_that_does_not_run_says_what_makes_it_run()
    {
        await FlowDraft.CreateAsync(stage.Api, "never-published", text => text.Replace("customer-to-salesforce", "never-published", StringComparison.Ordinal));
        var list = await stage.OpenAsync("/");
        var row = list.Locator("tbody tr").Filter(new() { HasText = "never-published" });
        await Assertions.Expect(row).ToContainTextAsync("ServiceTitan, Salesforce");
        var page = await stage.OpenAsync("/flows/never-published?tab=runs");
        await Assertions.Expect(page.GetByText("Publish this flow and deploy it: its runs appear here.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Versions" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This flow was never published.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Versions_of_a_flow_tell_where_they_run_are_compared_and_taken_back_byte_for_byte()
    {
        const string id = "taken-back";
        var files = await FlowDraft.PublishAsync(stage.Api, id);
        var template = await stage.Api.GetFromJsonAsync<JsonElement>($"/api/templates/{id}");
        var first = template.GetProperty("versions")[0].GetProperty("hash").GetString();
        using var deployed = await stage.Api.PutAsJsonAsync($"/api/deployments/{id}", new { template = id, version = first, connections = new { servicetitan = "tenant", salesforce = "org" }, state = "paused" });
        Assert.True(deployed.IsSuccessStatusCode, await deployed.Content.ReadAsStringAsync());

        var page = await stage.OpenAsync($"/flows/{id}?tab=versions");
        var rows = page.Locator("main table").First.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("an opportunity is looked for");
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("nowhere");
        await Assertions.Expect(rows.Nth(1).GetByRole(AriaRole.Link, new() { Name = id })).ToBeVisibleAsync();
        var difference = page.GetByRole(AriaRole.Region, new() { Name = "Difference" });
        await Assertions.Expect(difference).ToContainTextAsync("1 added");
        await Assertions.Expect(difference.Locator(".still-card.added")).ToContainTextAsync("Extra");
        foreach (var dark in new[] { true, false })
        {
            await DesignerStage.ColourAsync(page, dark);
            await DesignerStage.PictureAsync(page, dark ? "flow-versions-compared-dark" : "flow-versions-compared-light");
            await ScreenTests.AccessibleAsync(page);
        }

        await rows.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Take it into the draft" }).ClickAsync();
        await Assertions.Expect(page.GetByText("stands in the draft now")).ToBeVisibleAsync();
        await Assertions.Expect(difference).ToContainTextAsync("1 removed");
        await DesignTests.SavedAsync(page);
        Assert.Equal(files[0], await FlowDraft.ReadAsync(stage.Api, id));
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Not saved yet")).ToBeVisibleAsync();
        await DesignTests.SavedAsync(page);
        Assert.Equal(files[1], await FlowDraft.ReadAsync(stage.Api, id));
        using var gone = await stage.Api.DeleteAsync($"/api/deployments/{id}");
    }
}
