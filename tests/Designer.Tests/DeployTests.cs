using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>From a template to what runs, and back.</summary>
[Collection(nameof(DesignerStage))]
public sealed class DeployTests(DesignerStage stage)
{
    [Fact]
    public async Task A_template_is_deployed_through_the_wizard_changed_and_rolled_back()
    {
        var page = await stage.OpenAsync("/deploy?template=customer-to-salesforce");
        await page.GetByLabel("Name of the deployment").FillAsync("second");
        await NextAsync(page);
        foreach (var (system, connection) in new[] { ("ServiceTitan", "tenant"), ("Salesforce", "org") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = system }).ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = connection }).ClickAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Test it" }).Last.ClickAsync();
        await Assertions.Expect(page.GetByText("It works")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "deploy-connections");
        await NextAsync(page);
        await DesignerStage.PictureAsync(page, "deploy-parameters");
        await NextAsync(page);
        await Assertions.Expect(page.GetByText("Both systems have what the flow needs.")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "deploy-review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy second" }).ClickAsync();
        var card = page.GetByRole(AriaRole.Region, new() { Name = "second" });
        await Assertions.Expect(card).ToContainTextAsync("Active");

        await card.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByLabel("Why").FillAsync("to look at it first");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("to look at it first");

        await card.GetByRole(AriaRole.Link, new() { Name = "Change" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Parameters" }).ClickAsync();
        await page.GetByLabel("Country of phone numbers").FillAsync("CA");
        await NextAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy second" }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Versions" }).ClickAsync();
        await DesignerStage.PictureAsync(page, "versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back to it" }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var now = await stage.Api.GetFromJsonAsync<JsonElement>("/api/deployments/second");
        Assert.Equal(3, now.GetProperty("number").GetInt32());
        Assert.DoesNotContain("CA", now.GetProperty("specification").ToString(), StringComparison.Ordinal);
        using var gone = await stage.Api.DeleteAsync("/api/deployments/second");
    }

    private static Task NextAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
}
