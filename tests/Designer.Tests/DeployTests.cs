using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>From a template to what runs, and back.</summary>
[Collection(nameof(ChangingTheWorld))]
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

        // The product's name, as the catalogue spells it.
        Assert.DoesNotContain("Servicetitan", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test it" }).Last.ClickAsync();
        await Assertions.Expect(page.GetByText("It works")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "deploy-connections");
        await NextAsync(page);

        // Where only an id is stored a record is chosen by its name, as the org has it.
        var owner = page.GetByRole(AriaRole.Combobox, new() { Name = "Owner of accounts this flow creates" });
        await owner.ClickAsync();
        var user = page.GetByRole(AriaRole.Option).First;
        await Assertions.Expect(user).ToContainTextAsync("005");
        await DesignerStage.PictureAsync(page, "deploy-parameters");
        await user.ClickAsync();
        await Assertions.Expect(owner).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^005"));
        await Assertions.Expect(page.GetByText("of org").First).ToBeVisibleAsync();
        await ScreenTests.AccessibleAsync(page);
        await owner.FillAsync("");
        await owner.PressAsync("Tab");
        await NextAsync(page);

        // A table as a grid: a block from a spreadsheet fills its cells.
        var grid = page.GetByRole(AriaRole.Region, new() { Name = "Segments" });
        await grid.GetByLabel("Key, row 1").FillAsync("501");
        await grid.GetByLabel("Segment, row 1").FillAsync("Gold");
        await grid.GetByLabel("Key, row 2").EvaluateAsync("cell => { const data = new DataTransfer(); data.setData('text/plain', '502\\tSilver\\n503\\tBronze\\n'); cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }");
        await Assertions.Expect(grid.GetByLabel("Segment, row 3")).ToHaveValueAsync("Bronze");
        await DesignerStage.PictureAsync(page, "deploy-tables");
        await ScreenTests.AccessibleAsync(page);
        await NextAsync(page);

        // A line of this deployment's own.
        await page.GetByRole(AriaRole.Button, new() { Name = "Change a line" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Step" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Account", Exact = false }).Filter(new() { HasText = "Create or update" }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Name" }).FillAsync("BillingCity");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Name" }).PressAsync("Tab");
        await page.GetByLabel("Value").FillAsync("=input.address.city + ' (second)'");
        await DesignerStage.PictureAsync(page, "deploy-changes");
        await ScreenTests.AccessibleAsync(page);
        await NextAsync(page);
        await Assertions.Expect(page.GetByText("Both systems have what the flow needs.")).ToBeVisibleAsync();

        // Who writes the same fields is told by record type; the names are there for who wants them.
        var shared = page.GetByRole(AriaRole.Region, new() { NameRegex = new("^Shared with .*customers") });
        await Assertions.Expect(shared).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Account: [0-9]+ fields, Contact: [0-9]+"));
        await Assertions.Expect(shared.GetByText("AccountNumber")).ToBeHiddenAsync();
        Assert.InRange((await shared.BoundingBoxAsync())!.Height, 60, 180);
        await shared.Locator("summary").ClickAsync();
        await Assertions.Expect(shared.GetByText("AccountNumber")).ToBeVisibleAsync();
        await shared.Locator("summary").ClickAsync();
        await Assertions.Expect(page.GetByText("The deployments 'second'")).ToHaveCountAsync(0);

        // Record by record, before the button; the org is untouched.
        var plan = page.GetByRole(AriaRole.Region, new() { Name = "Plan" });
        await Assertions.Expect(plan).ToContainTextAsync("(second)", new() { Timeout = 60_000 });
        await Assertions.Expect(plan).ToContainTextAsync("Nothing was written.");
        Assert.DoesNotContain(OrgView.Accounts(stage.World.Vendors.Salesforce), a => a["BillingCity"]?.EndsWith("(second)", StringComparison.Ordinal) == true);
        await DesignerStage.PictureAsync(page, "deploy-review");
        await ScreenTests.AccessibleAsync(page);
        while (await page.GetByRole(AriaRole.Button, new() { Name = "It is meant that" }).CountAsync() is > 0 and var open)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "It is meant that" }).First.ClickAsync();
            await page.WaitForFunctionAsync("open => [...document.querySelectorAll('.shared button')].length < open", open);
        }

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
        // The plan comes late, and the button stays where a hand is already on its way to.
        var told = new TaskCompletionSource();
        await page.RouteAsync("**/api/flows/plan", async route =>
        {
            await told.Task;
            await route.ContinueAsync();
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and deploy" }).ClickAsync();
        var deploy = page.GetByRole(AriaRole.Button, new() { Name = "Deploy second" });
        await Assertions.Expect(deploy).ToBeEnabledAsync();
        await DesignerStage.PictureAsync(page, "deploy-review-begins");
        var aimed = await deploy.BoundingBoxAsync();
        told.SetResult();
        await Assertions.Expect(plan).ToContainTextAsync("events tried", new() { Timeout = 60_000 });
        var met = await deploy.BoundingBoxAsync();
        Assert.Equal((aimed!.X, aimed.Y), (met!.X, met.Y));
        await DesignerStage.PictureAsync(page, "deploy-review-stays");
        await deploy.ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("Active");
        var changed = await stage.Api.GetFromJsonAsync<JsonElement>("/api/deployments/second");
        Assert.Contains("Account.AccountNumber", changed.GetProperty("specification").GetProperty("sharedFields").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal("CA", changed.GetProperty("specification").GetProperty("parameters").GetProperty("country").GetString());
        Assert.Equal(3, changed.GetProperty("specification").GetProperty("tables").GetProperty("segments").GetProperty("rows").GetArrayLength());
        Assert.Contains("(second)", changed.GetProperty("specification").GetProperty("overlay").ToString(), StringComparison.Ordinal);

        await card.GetByRole(AriaRole.Link, new() { Name = "Versions" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Difference" })).ToContainTextAsync("country: CA");
        await DesignerStage.PictureAsync(page, "versions");
        await ScreenTests.AccessibleAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back to it" }).Last.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("country: CA");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Go back", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("as a new version.")).ToBeVisibleAsync();
        var now = await stage.Api.GetFromJsonAsync<JsonElement>("/api/deployments/second");
        Assert.Equal(3, now.GetProperty("number").GetInt32());
        Assert.DoesNotContain("CA", now.GetProperty("specification").ToString(), StringComparison.Ordinal);
        using var gone = await stage.Api.DeleteAsync("/api/deployments/second");
    }

    [Fact]
    public async Task Two_versions_of_a_template_lie_beside_each_other_as_graph_and_as_text()
    {
        var template = await stage.Api.GetFromJsonAsync<JsonElement>("/api/templates/customer-to-salesforce");
        var flow = template.GetProperty("files").EnumerateArray().First(f => f.GetProperty("path").GetString() == "flow.yaml").GetProperty("content").GetString()!.Replace("customer-to-salesforce", "versioned", StringComparison.Ordinal);
        var edited = flow.Replace("\n      BillingCity: =input.address.city", "\n      BillingCity: =input.address.city ?? 'unknown'", StringComparison.Ordinal)
            .Replace("  - id: sites\n", "  - id: extra\n    lookup: salesforce/Opportunity\n    where: { AccountId: =account?.id }\n    orElse: none\n\n  - id: sites\n", StringComparison.Ordinal);
        foreach (var (content, note) in new[] { (flow, "first"), (edited, "an opportunity is looked for") })
        {
            (await stage.Api.PutAsJsonAsync("/api/templates/versioned", new { files = new[] { new { path = "flow.yaml", content } }, note })).EnsureSuccessStatusCode().Dispose();
            (await stage.Api.PutAsJsonAsync("/api/deployments/versioned?note=" + Uri.EscapeDataString(note), new { template = "versioned", connections = new { servicetitan = "tenant", salesforce = "org" }, state = "paused" })).EnsureSuccessStatusCode().Dispose();
        }

        var page = await stage.OpenAsync("/versions?deployment=versioned");
        var difference = page.GetByRole(AriaRole.Region, new() { Name = "Difference" });
        await Assertions.Expect(difference).ToContainTextAsync("1 added");
        await Assertions.Expect(difference).ToContainTextAsync("1 changed");
        await Assertions.Expect(difference.Locator(".still-card.added")).ToContainTextAsync("Extra");
        await Assertions.Expect(difference.Locator(".still-card.changed").Last).ToContainTextAsync("Account");
        var boxes = await difference.Locator(".still").Last.EvaluateAsync<double[][]>("still => [...still.querySelectorAll('.still-card')].map(c => { const b = c.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] })");
        Assert.DoesNotContain(boxes, a => boxes.Any(b => !ReferenceEquals(a, b) && a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]));
        await Assertions.Expect(difference.Locator(".still-card.changed").Last).ToBeInViewportAsync();
        // Both show the same place: what follows the new step stands as high in both, and still does when one of them is moved.
        await AsHighAsync(difference);
        await difference.Locator(".still").Last.HoverAsync();
        await page.Mouse.WheelAsync(0, 300);
        await AsHighAsync(difference);
        await page.Mouse.WheelAsync(0, -300);
        await AsHighAsync(difference);
        await DesignerStage.PictureAsync(page, "versions-graph");
        await ScreenTests.AccessibleAsync(page);
        await difference.GetByRole(AriaRole.Button, new() { Name = "Text" }).ClickAsync();
        await Assertions.Expect(difference).ToContainTextAsync("?? 'unknown'");
        await DesignerStage.PictureAsync(page, "versions-text");
        await ScreenTests.AccessibleAsync(page);
        using var gone = await stage.Api.DeleteAsync("/api/deployments/versioned");
    }

    /// <summary>The step that is in the middle of one picture stands beside itself in the other.</summary>
    private static async Task AsHighAsync(ILocator difference) =>
        await difference.Page.WaitForFunctionAsync("""
            () => {
                const [left, right] = [...document.querySelectorAll('.still')]
                const seen = still => new Map([...still.querySelectorAll('.still-card')].map(c => [c.querySelector('b').textContent + c.querySelector('small').textContent, c.getBoundingClientRect()]).filter(([, b]) => { const s = still.getBoundingClientRect(); return b.top >= s.top && b.bottom <= s.bottom }))
                const [a, b] = [seen(left), seen(right)]
                return [...b].some(([name, box]) => a.has(name) && Math.abs(a.get(name).top - box.top) < 3)
            }
            """);

    private static Task NextAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
}
