using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Every place and every action can be reached by keyboard, and the keys are told.</summary>
[Collection(nameof(DesignerStage))]
public sealed class KeyboardTests(DesignerStage stage)
{
    [Fact]
    public async Task The_command_list_goes_to_a_flow_its_step_and_a_screen_and_does_what_the_page_can_do()
    {
        var page = await stage.OpenAsync("/deployments");
        await ScreenTests.LoadedAsync(page);
        await CommandAsync(page, "customer-to-salesforce", "Enter");
        await page.Locator("[data-key='steps/0']").WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await DesignerStage.PictureAsync(page, "command-list");
        await ScreenTests.AccessibleAsync(page);
        await page.Keyboard.PressAsync("Escape");
        var step = page.Locator("[data-key='steps/4']");
        var title = await step.Locator("b").InnerTextAsync();
        await CommandAsync(page, "steps " + title, null);
        await page.GetByRole(AriaRole.Group, new() { Name = "Steps of this flow" }).GetByRole(AriaRole.Option).Filter(new() { HasText = title }).First.WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-key]:focus b")).ToContainTextAsync(title);
        await CommandAsync(page, "publish", "Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Publish a version" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await CommandAsync(page, "screens audit", "Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Audit", Level = 1 })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_keys_that_work_here_are_listed_and_those_of_one_character_can_be_switched_off(bool dark)
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1", dark);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await page.Keyboard.PressAsync("?");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys that work here" });
        foreach (var part in new[] { "Everywhere", "This flow", "Canvas", "YAML" }) await Assertions.Expect(dialog.GetByRole(AriaRole.Region, new() { Name = part, Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Fields" })).ToHaveCountAsync(0);
        await DesignerStage.PictureAsync(page, dark ? "keys-dark" : "keys-light");
        await ScreenTests.AccessibleAsync(page);
        await dialog.GetByText("Keys of a single character").ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        foreach (var key in new[] { "?", "/", "a" }) await page.Keyboard.PressAsync(key);
        await CommandAsync(page, "keys that work", "Enter");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task F6_moves_between_canvas_settings_and_text_and_comes_back_to_where_it_was()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1");
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await page.Keyboard.PressAsync("F6");
        await Assertions.Expect(page.Locator(".settings :focus")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("F6");
        await Assertions.Expect(page.Locator(".cm-content:focus")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("F6");
        await Assertions.Expect(page.Locator("[data-key='steps/1']:focus")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Shift+F6");
        await Assertions.Expect(page.Locator(".cm-content:focus")).ToHaveCountAsync(1);
    }

    private static async Task CommandAsync(IPage page, string text, string? then)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Go to or do" }).GetByRole(AriaRole.Searchbox).WaitForAsync();
        await page.Keyboard.TypeAsync(text);
        await page.Locator("[role=option][data-focused]").First.WaitForAsync();
        if (then is not null) await page.Keyboard.PressAsync(then);
    }
}
