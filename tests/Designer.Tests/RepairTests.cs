using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Faults;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.Designer.Tests;

/// <summary>What could not go on is understood and mended at the screen.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class RepairTests(DesignerStage stage)
{
    [Fact]
    public async Task Equal_failures_are_one_thing_and_are_replayed_after_the_cause_is_gone()
    {
        var page = await stage.OpenAsync("/");
        var rule = stage.World.Vendors.Salesforce.Faults.Add(new FaultRule
        {
            Kind = FaultKind.VendorError, Field = CustomerKey, Value = "78000001", Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message = "Customers named Poison are not welcome.",
        });
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(78_000_001, "Poison Ivy"));
        await stage.World.SettleAsync();
        await page.GotoAsync($"{stage.Address}/designer/dead-letters");
        await page.GetByRole(AriaRole.Button, new() { Name = "FIELD_CUSTOM_VALIDATION_EXCEPTION" }).ClickAsync();
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Dead letter" });
        await Assertions.Expect(detail).ToContainTextAsync("Customers named Poison are not welcome.");
        await Assertions.Expect(detail).ToContainTextAsync("78000001");
        await DesignerStage.PictureAsync(page, "dead-letter");

        // The row of buttons does not jump: those that lead to the flow keep their place until it is known.
        var held = new TaskCompletionSource();
        await page.RouteAsync("**/api/templates?*", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await page.ReloadAsync();
        await Assertions.Expect(detail.GetByRole(AriaRole.Button, new() { Name = "Open the step" })).ToBeDisabledAsync();
        await Assertions.Expect(detail.GetByRole(AriaRole.Button, new() { Name = "Mend its mapping" })).ToBeDisabledAsync();
        var discard = detail.GetByRole(AriaRole.Button, new() { Name = "Discard" });
        var before = await discard.BoundingBoxAsync();
        held.SetResult();
        await Assertions.Expect(detail.GetByRole(AriaRole.Link, new() { Name = "Mend its mapping" })).ToBeVisibleAsync();
        var after = await discard.BoundingBoxAsync();
        Assert.Equal((before!.X, before.Y), (after!.X, after.Y));
        await page.UnrouteAllAsync();
        await detail.GetByRole(AriaRole.Button, new() { Name = "Edit and replay" }).ClickAsync();
        await DesignerStage.PictureAsync(page, "edit-and-replay");
        await page.Keyboard.PressAsync("Escape");

        stage.World.Vendors.Salesforce.Faults.Remove(rule);
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay all" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "From the start" }).ClickAsync();
        await Assertions.Expect(page.GetByText("sent again.").First).ToBeVisibleAsync();
        await stage.World.SettleAsync();
        Assert.Single(OrgView.Accounts(stage.World.Vendors.Salesforce), a => a[CustomerKey] == "78000001");
        await Assertions.Expect(page.GetByText("Nothing waits for you")).ToBeVisibleAsync();
    }
}
