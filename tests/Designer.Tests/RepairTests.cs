using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
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

    /// <summary>The feed of contacts only names the customer: what is edited is the record as the run had read it.</summary>
    [Fact]
    public async Task A_record_whose_event_only_named_it_is_edited_whole_and_replayed()
    {
        var page = await stage.OpenAsync("/");
        var (org, tenant) = (stage.World.Vendors.Salesforce, stage.World.Vendors.ServiceTitan);
        tenant.AddCustomer(People.One(78_000_002, "Ivy Poison"));
        await stage.World.SettleAsync();
        var rule = org.Faults.Add(new FaultRule { Kind = FaultKind.VendorError, Field = "Phone", Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message = "No such phones here." });
        tenant.SetContact(78_000_002, "MobilePhone", "208-555-0777");
        await stage.World.SettleAsync();
        await page.GotoAsync($"{stage.Address}/designer/dead-letters");
        await page.GetByRole(AriaRole.Button, new() { Name = "FIELD_CUSTOM_VALIDATION_EXCEPTION" }).ClickAsync();
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Dead letter" });
        await Assertions.Expect(detail).ToContainTextAsync("The record it ran with");
        await detail.GetByRole(AriaRole.Button, new() { Name = "Edit and replay" }).ClickAsync();
        var values = page.GetByRole(AriaRole.Textbox, new() { Name = "Values of the record" });
        var record = await values.InputValueAsync();
        Assert.Contains("Ivy Poison", record, StringComparison.Ordinal);
        Assert.Contains("Maple St", record, StringComparison.Ordinal);
        await values.FillAsync(record.Replace("Ivy Poison", "Ivy Laurel", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay with these values" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Sent again with your changes.").First).ToBeVisibleAsync();
        await stage.World.SettleAsync();
        // It is refused again, with all that it ran with.
        var filter = new DeadLetterFilter { Workspace = "default", Key = "78000002" };
        var records = new List<IReadOnlyDictionary<string, object?>>();
        foreach (var listed in await stage.World.Host.View.DeadLetters.ListAsync(filter, default))
        {
            if (await stage.World.Host.View.DeadLetters.FindAsync("default", listed.Id, default) is { } letter) records.Add((IReadOnlyDictionary<string, object?>)Payload.Decode(letter.Content.Payload)!);
        }

        var edited = Assert.Single(records, r => r.GetValueOrDefault("name") is "Ivy Laurel");
        Assert.Contains("Maple St", ((IReadOnlyDictionary<string, object?>)edited["address"]!)["street"]?.ToString(), StringComparison.Ordinal);

        org.Faults.Remove(rule);
        await stage.World.Host.Runtime.Replayer.ReplayAsync(filter, fromStep: false, default);
        await stage.World.SettleAsync();
        Assert.Empty(await stage.World.Host.View.DeadLetters.ListAsync(filter, default));
    }

    /// <summary>What will never be mended is closed, and the reason is kept with it.</summary>
    [Fact]
    public async Task What_need_not_go_on_is_discarded_with_the_reason()
    {
        var page = await stage.OpenAsync("/");
        var rule = stage.World.Vendors.Salesforce.Faults.Add(new FaultRule
        {
            Kind = FaultKind.VendorError, Field = CustomerKey, Value = "78000003", Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message = "Customers named Weed are not welcome.",
        });
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(78_000_003, "Ivy Weed"));
        await stage.World.SettleAsync();
        var filter = new DeadLetterFilter { Workspace = "default", Key = "78000003" };
        // The customer's own row and the one of its contact line: each event is a letter.
        var listed = (await stage.World.Host.View.DeadLetters.ListAsync(filter, default))[0];
        await page.GotoAsync($"{stage.Address}/designer/dead-letters?id={listed.Id}");
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Dead letter" });
        await Assertions.Expect(detail).ToContainTextAsync("Customers named Weed are not welcome.");
        await detail.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Discard" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Why").FillAsync("mended by hand");
        await DesignerStage.PictureAsync(page, "dead-letter-discard");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Discarded.").First).ToBeVisibleAsync();
        var kept = await stage.World.Host.View.DeadLetters.FindAsync("default", listed.Id, default);
        Assert.Equal((DeadLetterState.Discarded, "mended by hand (local)"), (kept!.State, kept.Note));
        Assert.DoesNotContain(await stage.World.Host.View.DeadLetters.ListAsync(filter, default), l => l.Id == listed.Id);

        stage.World.Vendors.Salesforce.Faults.Remove(rule);
        await stage.World.Host.Runtime.Replayer.ReplayAsync(filter, fromStep: false, default);
        await stage.World.SettleAsync();
        Assert.Empty(await stage.World.Host.View.DeadLetters.ListAsync(filter, default));
    }
}
