using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Records of before are handed in, watched and stopped at the screen, and what that costs is told.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class BackfillTests(DesignerStage stage)
{
    /// <summary>Every second customer waits: the backfill gets half way and stays there for as long as anybody looks.</summary>
    private const string Flow = """
        flow: half-way
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - wait: 2h
            if: '=["1", "3", "5", "7", "9"].some(digit => input.id.endsWith(digit))'
          - id: account
            lookup: salesforce/Account
            where: { Name: =input.name }
            orElse: none
        """;

    [Fact]
    public async Task A_backfill_is_begun_tells_how_far_it_is_and_when_it_will_be_done_and_is_ended()
    {
        using var made = await stage.Api.PutAsJsonAsync("/api/templates/half-way", new { files = new[] { new { path = "flow.yaml", content = Flow } } });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        using var deployed = await stage.Api.PutAsJsonAsync("/api/deployments/half-way", new { template = "half-way", connections = new { servicetitan = "tenant", salesforce = "org" }, state = "active" });
        Assert.True(deployed.IsSuccessStatusCode, await deployed.Content.ReadAsStringAsync());

        var page = await stage.OpenAsync("/deployments");
        var card = page.GetByRole(AriaRole.Region, new() { Name = "half-way" });
        await card.GetByRole(AriaRole.Button, new() { Name = "Backfill" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Backfill half-way" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Changed since" }).ClickAsync();
        await dialog.GetByLabel("Changed since").Last.FillAsync("soon");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Begin" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Changed since").Last.FillAsync("2020-01-01");
        await DesignerStage.PictureAsync(page, "backfill-begin");
        await ScreenTests.AccessibleAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        var backfill = card.GetByRole(AriaRole.Region, new() { Name = "Backfill" });
        await Assertions.Expect(backfill).ToContainTextAsync("Backfill of customer · Running", new() { Timeout = 60_000 });
        var bar = backfill.GetByRole(AriaRole.Progressbar);
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuenow", new System.Text.RegularExpressions.Regex("^[1-9][0-9]$"), new() { Timeout = 60_000 });
        await Assertions.Expect(backfill).ToContainTextAsync(new System.Text.RegularExpressions.Regex("[1-9][0-9]* of [1-9][0-9]* handled · likely done in "));
        await Assertions.Expect(card.GetByRole(AriaRole.Button, new() { Name = "Backfill", Exact = true })).ToBeDisabledAsync();
        await DesignerStage.PictureAsync(page, "backfill-running");
        await ScreenTests.AccessibleAsync(page);

        // What it cost stands in the budget of the account it read.
        var budgets = page.GetByRole(AriaRole.Region, new() { Name = "Budgets" });
        var told = (await stage.Api.GetFromJsonAsync<JsonElement>("/api/budgets")).GetProperty("data").EnumerateArray().ToList();
        Assert.True(told.Single(b => b.GetProperty("connections")[0].GetString() == "tenant").GetProperty("backfill").GetInt64() > 0);
        await page.ReloadAsync();
        await budgets.Locator("tbody tr").First.WaitForAsync();
        var headers = await budgets.Locator("th").AllInnerTextsAsync();
        var tenant = budgets.Locator("tbody tr").Filter(new() { HasText = "tenant" });
        await Assertions.Expect(tenant.Locator("td").Nth(headers.ToList().IndexOf("Backfill"))).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[1-9]"));
        var org = budgets.Locator("tbody tr").Filter(new() { HasText = "org" });
        await Assertions.Expect(org.GetByRole(AriaRole.Meter)).ToBeVisibleAsync();
        await Assertions.Expect(org.Locator("td").Nth(headers.ToList().IndexOf("Limit a day"))).ToHaveTextAsync("10,000,000");

        await backfill.GetByRole(AriaRole.Button, new() { Name = "End it" }).ClickAsync();
        await Assertions.Expect(backfill).ToContainTextAsync("Backfill of customer · Cancelled");
        await Assertions.Expect(backfill).ToContainTextAsync("Cancelled by");
        await Assertions.Expect(backfill.GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0);
        await Assertions.Expect(card.GetByRole(AriaRole.Button, new() { Name = "Backfill", Exact = true })).ToBeEnabledAsync();
        var ended = (await stage.Api.GetFromJsonAsync<JsonElement>("/api/deployments/half-way/backfills")).GetProperty("data")[0];
        Assert.Equal("cancelled", ended.GetProperty("state").GetString());
        await DesignerStage.PictureAsync(page, "backfill-ended");
        // Taken away at the screen it leaves nothing that is ready for ever.
        await card.GetByRole(AriaRole.Button, new() { Name = "Take away" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("It stops for good.");
        await DesignerStage.PictureAsync(page, "take-away");
        await ScreenTests.AccessibleAsync(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take it away" }).ClickAsync();
        await Assertions.Expect(card).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        Assert.DoesNotContain(await stage.World.Host.View.Inbox.CountAsync(default), left => left.Backfill > 0);
    }
}
