using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Every screen shows what the engine did, and can be used by everybody.</summary>
[Collection(nameof(DesignerStage))]
public sealed class ScreenTests(DesignerStage stage)
{
    private static readonly List<string> Rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

    public static TheoryData<string, string> Screens => new()
    {
        { "flows", "/" }, { "design", "/flows/customer-to-salesforce?step=steps/1" }, { "mapping", "/flows/customer-to-salesforce?tab=mapping" }, { "runs", "/runs" }, { "dead-letters", "/dead-letters" }, { "deployments", "/deployments" },
        { "deploy", "/deploy?template=customer-to-salesforce&step=connections" }, { "connections", "/connections" }, { "audit", "/audit" }, { "settings", "/settings" },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_screen_has_no_accessibility_violation_in_light_and_dark(string name, string path)
    {
        foreach (var dark in new[] { false, true })
        {
            var page = await stage.OpenAsync(path, dark);
            await LoadedAsync(page);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await DesignerStage.PictureAsync(page, name + (dark ? "-dark" : "-light"));
            var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = Rules } });
            Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.Select(v => $"{v.Id}: {v.Help}\n  " + string.Join("\n  ", v.Nodes.Take(3).Select(n => n.Html)))));
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_screen_fits_1024_pixels_without_scrolling_sideways(string name, string path)
    {
        var page = await stage.OpenAsync(path, width: 1024, height: 768);
        await LoadedAsync(page);
        await DesignerStage.PictureAsync(page, name + "-1024");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }

    [Fact]
    public async Task A_run_shows_its_steps_and_the_lines_that_gave_its_values()
    {
        var page = await stage.OpenAsync("/runs?outcome=succeeded&deployment=customers");
        var wrote = page.Locator("tbody tr").Filter(new() { Has = page.Locator("td.num").Filter(new() { HasTextRegex = new("^[1-9]$") }) });
        await wrote.First.GetByRole(AriaRole.Button).ClickAsync();
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Run" });
        await Assertions.Expect(detail).ToContainTextAsync("Account");
        await detail.Locator("summary").First.ClickAsync();
        await Assertions.Expect(detail).ToContainTextAsync("BillingCity");
        await Assertions.Expect(detail).ToContainTextAsync("line ");
        await DesignerStage.PictureAsync(page, "run");
    }

    [Fact]
    public async Task New_records_appear_in_the_list_of_runs_while_it_is_open()
    {
        var page = await stage.OpenAsync("/runs");
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(77_900_001, "Wanda Latecomer"));
        await Assertions.Expect(page.GetByText("77900001").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task A_server_that_is_gone_is_told_and_the_screen_stays()
    {
        var page = await stage.OpenAsync("/deployments");
        await page.GetByRole(AriaRole.Heading, new() { Name = "customers" }).WaitForAsync();
        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.GetByText("The server cannot be reached.").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "customers" })).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "offline");
    }

    /// <summary>Nothing of the screen is still on its way.</summary>
    private static async Task LoadedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Loading")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
    }
}
