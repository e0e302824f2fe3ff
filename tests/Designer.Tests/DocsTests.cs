using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Every screen in light and dark as a picture, in artifacts/designer/docs; those of designer/docs when it is asked to: <c>DESIGNER_DOCS=1</c>.</summary>
public sealed class DocsTests(DesignerStage stage)
{
    private static readonly SemaphoreSlim Making = new(1, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_screen_as_a_picture(bool dark)
    {
        Assert.SkipWhen(stage.Absent is not null, stage.Absent ?? "");
        var folder = Environment.GetEnvironmentVariable("DESIGNER_DOCS") == "1" ? Path.Combine(DesignerStage.Root, "designer", "docs") : Path.Combine(DesignerStage.Pictures, "docs");
        Directory.CreateDirectory(folder);
        await EnsureAsync(stage);
        var run = await stage.RunOfAsync("77000004");
        var screens = new Dictionary<string, string>
        {
            ["flows"] = "/", ["design"] = "/flows/customer-to-salesforce?step=steps/4", ["run-on-canvas"] = $"/flows/customer-to-salesforce?step=steps/4&run={run}", ["mapping"] = $"/flows/customer-to-salesforce?tab=mapping&step=steps/4&run={run}",
            ["flow-runs"] = $"/flows/customer-to-salesforce?tab=runs&run={run}", ["flow-versions"] = "/flows/pictured-flow?tab=versions", ["runs"] = $"/runs?run={run}", ["dead-letters"] = "/dead-letters", ["reviews"] = "/reviews", ["deployments"] = "/deployments", ["deploy-parameters"] = "/deploy?template=customer-to-salesforce&step=parameters", ["deploy-tables"] = "/deploy?template=customer-to-salesforce&step=tables",
            ["deploy-changes"] = "/deploy?template=customer-to-salesforce&step=changes", ["versions"] = "/versions?deployment=pictured", ["connections"] = "/connections", ["audit"] = "/audit", ["settings"] = "/settings",
        };
        foreach (var (name, path) in screens)
        {
            var page = await stage.OpenAsync(path, dark);
            await ScreenTests.LoadedAsync(page);
            await page.WaitForTimeoutAsync(name is "mapping" or "design" or "run-on-canvas" ? 800 : 200);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
            await page.CloseAsync();
        }

        // What lies over a screen when a key asks for it.
        foreach (var (name, key) in new[] { ("command-list", "Control+k"), ("keys", "?") })
        {
            var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/4", dark);
            await page.Locator("[data-key='steps/4']").FocusAsync();
            await page.Keyboard.PressAsync(key);
            await page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await page.WaitForTimeoutAsync(300);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
            await page.CloseAsync();
        }

        // Pages of the server and the twins themselves. They keep a stream open, so nothing waits for silence.
        foreach (var (name, address) in new[] { ("status", stage.Address + "/"), ("twin-servicetitan", stage.World.Vendors.ServiceTitanAddress.ToString()), ("twin-salesforce", stage.World.Vendors.SalesforceAddress.ToString()) })
        {
            var page = await stage.OpenAsync("/", dark);
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.WaitForTimeoutAsync(400);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
            await page.CloseAsync();
        }

        Assert.Equal(screens.Count + 5, Directory.EnumerateFiles(folder, dark ? "*-dark.png" : "*-light.png").Count());
    }

    /// <summary>A deployment with two versions, paused: it writes nothing. Tests beside each other share it, and one of them makes it.</summary>
    internal static async Task EnsureAsync(DesignerStage stage)
    {
        await Making.WaitAsync();
        try
        {
            await MakeAsync(stage);
        }
        finally
        {
            Making.Release();
        }
    }

    private static async Task MakeAsync(DesignerStage stage)
    {
        await FlowDraft.PublishAsync(stage.Api, "pictured-flow");
        using var there = await stage.Api.GetAsync("/api/deployments/pictured");
        if (there.IsSuccessStatusCode) return;
        foreach (var country in new[] { "US", "CA" })
        {
            using var made = await stage.Api.PutAsJsonAsync("/api/deployments/pictured?note=" + Uri.EscapeDataString("phones of " + country), new
            {
                template = "customer-to-salesforce", connections = new { servicetitan = "tenant", salesforce = "org" }, parameters = new { country }, state = "paused",
            });
            Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        }

        _ = await stage.Api.GetFromJsonAsync<JsonElement>("/api/deployments/pictured");
    }
}
