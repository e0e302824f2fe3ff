using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Fields are mapped by mouse, by keyboard and by choosing, and the engine shows the value.</summary>
public sealed class MappingTests(DesignerStage stage)
{
    private const string Record = """{ "id": "77000001", "name": "Avery Lindqvist", "type": "Residential", "active": true, "mergedToId": null, "address": { "street": "2210 Juniper Ave", "city": "Boulder", "state": "CO", "zip": "80302", "country": "US" } }""";

    [Fact]
    public async Task A_field_is_mapped_by_dragging_a_line_and_shows_its_value()
    {
        var page = await OpenAsync("by-mouse");
        await page.GetByLabel("Search fields").FillAsync("Fax");
        await page.Locator("[data-target='Fax']").WaitForAsync();
        var port = await page.Locator("[data-port='input.address.city']").BoundingBoxAsync();
        var target = await page.Locator("[data-target='Fax']").BoundingBoxAsync();
        await page.Mouse.MoveAsync(port!.X + (port.Width / 2), port.Y + (port.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(target!.X + 60, target.Y + (target.Height / 2), new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator("[data-target='Fax']")).ToContainTextAsync("Boulder");
        await DesignTests.SavedAsync(page);
        Assert.Contains("Fax: =input.address", await FlowDraft.ReadAsync(stage.Api, "by-mouse"), StringComparison.Ordinal);
        await page.GetByLabel("Search fields").FillAsync("");
        await DesignerStage.PictureAsync(page, "mapping");
    }

    [Fact]
    public async Task A_field_is_mapped_by_keyboard_with_every_step_announced()
    {
        var page = await OpenAsync("by-keys");
        await page.GetByLabel("Search fields").FillAsync("Fax");
        await page.GetByLabel("Search names and values").FillAsync("address.state");
        var source = page.GetByRole(AriaRole.Treeitem, new() { Name = "state, text, CO" });
        await source.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.GetByText("Carrying input.address.state.")).ToBeAttachedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("input.address.state mapped to")).ToBeAttachedAsync();
        await DesignTests.SavedAsync(page);
        Assert.Contains("Fax: =input.address", await FlowDraft.ReadAsync(stage.Api, "by-keys"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_is_chosen_from_a_list_without_any_drag()
    {
        var page = await OpenAsync("by-choice");
        await page.GetByLabel("Search fields").FillAsync("Fax");
        await page.Locator("[data-target='Fax']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose source" }).ClickAsync();
        await page.Keyboard.TypeAsync("juniper");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-target='Fax']")).ToContainTextAsync("2210 Juniper Ave");
    }

    [Fact]
    public async Task A_value_that_does_not_fit_its_field_is_named_before_anything_runs()
    {
        var page = await OpenAsync("too-long");
        await page.Locator("[data-target='BillingState']").ClickAsync();
        var expression = page.GetByRole(AriaRole.Textbox, new() { NameString = "Expression of" });
        await expression.ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("input.name + input.name + input.name + input.name + input.name + input.name + input.name");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".result.bad")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "mapping-finding");
    }

    [Fact]
    public async Task What_a_step_gives_that_the_sample_does_not_hold_is_no_mistake()
    {
        var page = await OpenAsync("waits");
        var tags = page.Locator("[data-target='ServiceTitan_Tags__c']");
        await Assertions.Expect(tags).ToContainTextAsync("after “Tags”");
        await Assertions.Expect(page.Locator("[data-target='Phone']")).ToContainTextAsync("after “People”");
        await Assertions.Expect(page.Locator("[data-target='BillingCity']")).ToContainTextAsync("Boulder");
        await Assertions.Expect(page.Locator("[data-target='ServiceTitan_Tags__c'] .target-mark .error, [data-target='Phone'] .target-mark .error")).ToHaveCountAsync(0);
        await tags.ClickAsync();
        await Assertions.Expect(page.Locator(".result")).ToContainTextAsync("Known when the step “Tags” has run");
        await Assertions.Expect(page.Locator(".result.bad")).ToHaveCountAsync(0);
        await DesignerStage.PictureAsync(page, "mapping-waits");
        await ScreenTests.AccessibleAsync(page);
    }

    [Fact]
    public async Task Clearing_a_field_removes_its_line_and_nothing_else()
    {
        var page = await OpenAsync("cleared");
        var before = await FlowDraft.ReadAsync(stage.Api, "cleared");
        await page.Locator("[data-target='BillingCity']").ClickAsync();
        await page.Locator("[data-target='BillingCity']").PressAsync("Delete");
        await DesignTests.SavedAsync(page);
        var after = await FlowDraft.ReadAsync(stage.Api, "cleared");
        Assert.Equal(before.Split('\n').Where(l => l != "      BillingCity: =input.address.city"), after.Split('\n'));
    }

    [Fact]
    public async Task A_record_is_read_by_its_id_as_a_sample()
    {
        var page = await stage.OpenAsync("/");
        var flow = await FlowDraft.CreateAsync(stage.Api, "by-id");
        await page.GotoAsync($"{stage.Address}/designer/flows/by-id?tab=mapping&step={await DesignTests.KeyOfAsync(flow, "account")}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Another record" }).ClickAsync();
        await page.GetByLabel("Read one by its id").FillAsync("77000003");
        await page.GetByRole(AriaRole.Button, new() { Name = "Read it" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-target='BillingStreet']")).ToContainTextAsync("3 Maple St");
    }

    [Fact]
    public async Task A_field_that_only_this_org_has_is_mapped_by_mouse_and_by_keyboard_and_asked_of_every_org_from_then_on()
    {
        await stage.World.Vendors.AddRequiredAsync(new Dictionary<string, object> { ["Account"] = new Dictionary<string, object> { ["Loyalty_Level__c"] = new { type = "text", length = 40 }, ["Loyalty_Notes__c"] = new { type = "text", length = 60 } } });
        var page = await OpenAsync("own-fields");
        var before = await FlowDraft.ReadAsync(stage.Api, "own-fields");
        // What was read of the org before is told with its age, and read again on request.
        await page.GetByRole(AriaRole.Button, new() { Name = "Read the fields again" }).ClickAsync();
        await page.GetByLabel("Search fields").FillAsync("Loyalty");
        var level = page.Locator("[data-target='Loyalty_Level__c']");
        await level.WaitForAsync();
        var port = await page.Locator("[data-port='input.address.city']").BoundingBoxAsync();
        var target = await level.BoundingBoxAsync();
        await page.Mouse.MoveAsync(port!.X + (port.Width / 2), port.Y + (port.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(target!.X + 60, target.Y + (target.Height / 2), new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(level).ToContainTextAsync("Boulder");

        await page.GetByLabel("Search fields").FillAsync("Loyalty Notes");
        await page.Locator("[data-target='Loyalty_Notes__c']").WaitForAsync();
        await page.GetByLabel("Search names and values").FillAsync("address.state");
        await page.GetByRole(AriaRole.Treeitem, new() { Name = "state, text, CO" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-target='Loyalty_Notes__c']")).ToContainTextAsync("CO");
        await DesignTests.SavedAsync(page);
        var after = (await FlowDraft.ReadAsync(stage.Api, "own-fields")).Split('\n');
        Assert.Equal(before.Split('\n'), after.Where(l => !l.Contains("Loyalty_", StringComparison.Ordinal)));
        Assert.Contains("      Loyalty_Level__c: { type: text, length: 40 }", after);
        Assert.Contains("      Loyalty_Notes__c: { type: text, length: 60 }", after);
        Assert.Contains(after, l => l.StartsWith("      Loyalty_Level__c: =input.address", StringComparison.Ordinal));
        await Assertions.Expect(page.GetByText("No problems")).ToBeVisibleAsync();
        await page.GetByLabel("Search names and values").FillAsync("");
        await page.GetByLabel("Search fields").FillAsync("");
        await DesignerStage.PictureAsync(page, "mapping-own-fields");
        await ScreenTests.AccessibleAsync(page);
        for (var i = 0; i < 2; i++) await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await DesignTests.SavedAsync(page);
        Assert.Equal(before, await FlowDraft.ReadAsync(stage.Api, "own-fields"));
    }

    [Fact]
    public async Task What_a_look_up_finds_in_this_org_alone_can_be_read_and_is_asked_of_every_org_too()
    {
        await stage.World.Vendors.AddRequiredAsync(new Dictionary<string, object> { ["Account"] = new Dictionary<string, object> { ["Region_Code__c"] = new { type = "text", length = 12 } } });
        // Read anew: the answer of a moment ago may still be kept.
        _ = await stage.Api.GetStringAsync("/api/catalog/salesforce/Account?connection=org&refresh=true");
        const string Flow = """
            flow: reads-own
            connections: { servicetitan: servicetitan, salesforce: salesforce }
            trigger: { on: servicetitan/customer.changed }
            steps:
              - { id: known, lookup: salesforce/Account, where: { Name: =input.name }, orElse: none }
              - id: lead
                create: salesforce/Lead
                once: { LastName: =input.name }
                set: { Company: =input.name }

            """;
        await FlowDraft.CreateAsync(stage.Api, "reads-own", _ => Flow);
        var page = await stage.OpenAsync("/flows/reads-own?tab=mapping&step=steps/1");
        await page.GetByLabel("Search fields").FillAsync("Title");
        await page.Locator("[data-target='Title']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose source" }).ClickAsync();
        await page.Keyboard.TypeAsync("known region");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "known.Region_Code__c" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await DesignTests.SavedAsync(page);
        var after = await FlowDraft.ReadAsync(stage.Api, "reads-own");
        Assert.Contains("Title: =known?.Region_Code__c", after, StringComparison.Ordinal);
        Assert.Contains("Region_Code__c:", after[..after.IndexOf("trigger:", StringComparison.Ordinal)], StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("No problems")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await DesignTests.SavedAsync(page);
        Assert.Equal(Flow, await FlowDraft.ReadAsync(stage.Api, "reads-own"));
    }

    [Fact]
    public async Task Values_of_a_picklist_are_mapped_one_by_one_those_of_the_source_that_are_not_mapped_first()
    {
        var page = await OpenAsync("by-values");
        await page.GetByLabel("Search fields").FillAsync("AccountSource");
        await page.Locator("[data-target='AccountSource']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Picklist values" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = "Source" }).FillAsync("input.type");
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = "Source" }).PressAsync("Tab");
        await Assertions.Expect(dialog).ToContainTextAsync("of the source");
        await Assertions.Expect(dialog).ToContainTextAsync("Residential");
        await DesignerStage.PictureAsync(page, "picklist");
        await ScreenTests.AccessibleAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Value for Residential" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Web" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Use these values" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-target='AccountSource']")).ToContainTextAsync("Web");
        await DesignTests.SavedAsync(page);
        Assert.Contains("""input.type === "Residential" ? "Web" : null""", await FlowDraft.ReadAsync(stage.Api, "by-values"), StringComparison.Ordinal);
    }

    private async Task<IPage> OpenAsync(string id)
    {
        var page = await stage.OpenAsync("/");
        var flow = await FlowDraft.CreateAsync(stage.Api, id);
        await page.GotoAsync($"{stage.Address}/designer/flows/{id}?tab=mapping&step={await DesignTests.KeyOfAsync(flow, "account")}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Another record" }).ClickAsync();
        await page.GetByLabel("A record in JSON").FillAsync(Record);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use as sample" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-target='BillingCity']")).ToContainTextAsync("Boulder");
        return page;
    }
}
