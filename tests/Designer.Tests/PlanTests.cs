using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>What would be written is told before anything is.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class PlanTests(DesignerStage stage)
{
    [Fact]
    public async Task A_merge_is_planned_with_the_records_that_go_the_reason_and_each_value_that_is_lost()
    {
        var flow = await File.ReadAllTextAsync(Path.Combine(DesignerStage.Root, "flows", "duplicates", "accounts.yaml"));
        using var made = await stage.Api.PutAsJsonAsync("/api/templates/joins", new { files = new[] { new { path = "flow.yaml", content = flow.Replace("flow: duplicate-accounts", "flow: joins", StringComparison.Ordinal) } } });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        // A twin of an Account that the plan looks at, with a telephone of its own and a fax that the other lacks.
        var org = stage.World.Vendors.Salesforce;
        var records = await stage.Api.GetFromJsonAsync<JsonElement>("/api/connections/org/records/Account?limit=10");
        var one = records.GetProperty("data").EnumerateArray().First(a => Text(a, "BillingStreet") is not null && Text(a, "Phone") is not null && Text(a, "Fax") is null);
        var (survivor, phone) = (Text(one, "Id")!, Text(one, "Phone")!);
        var twin = org.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = Text(one, "Name"), ["BillingStreet"] = Text(one, "BillingStreet"), ["BillingPostalCode"] = Text(one, "BillingPostalCode"), ["Phone"] = "208-555-0909", ["Fax"] = "208-555-0910" });

        var page = await stage.OpenAsync("/deploy?template=joins&step=connections");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salesforce" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "org" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and deploy" }).ClickAsync();
        var plan = page.GetByRole(AriaRole.Region, new() { Name = "Plan" });
        await Assertions.Expect(plan).ToContainTextAsync("takes in " + twin, new() { Timeout = 60_000 });
        await Assertions.Expect(plan).ToContainTextAsync("because: same name, postcode and street");
        // The survivor's own telephone stands; the other's is lost and said so. The fax comes from the other.
        var lost = plan.Locator("tr").Filter(new() { HasText = "208-555-0909" });
        await Assertions.Expect(lost.First).ToContainTextAsync("is lost with " + twin);
        await Assertions.Expect(lost.First).ToContainTextAsync(phone);
        await Assertions.Expect(plan.Locator("tr").Filter(new() { HasText = "208-555-0910" }).First).ToContainTextAsync("from " + twin);
        await plan.GetByText("takes in " + twin).First.ScrollIntoViewIfNeededAsync();
        await DesignerStage.PictureAsync(page, "plan-merge");
        await ScreenTests.AccessibleAsync(page);
        Assert.Contains(OrgView.Accounts(org), a => a["Id"] == twin);
        Assert.Contains(OrgView.Accounts(org), a => a["Id"] == survivor);
    }

    private static string? Text(JsonElement record, string field) => record.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
