using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Every place and every action can be reached by keyboard, and the keys are told.</summary>
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
    [InlineData(1366)]
    [InlineData(1024)]
    public async Task The_keys_that_work_here_are_listed_and_those_of_one_character_can_be_switched_off(int width)
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1", dark: true, width: width, height: 768);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await AccessibleAsync(page, "command-list", width);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await page.Keyboard.PressAsync("?");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys that work here" });
        foreach (var part in new[] { "Everywhere", "This flow", "Canvas" }) await Assertions.Expect(dialog.GetByRole(AriaRole.Region, new() { Name = part, Exact = true })).ToBeVisibleAsync();
        // Only of what stands on the screen: a narrow one shows canvas or text.
        await Assertions.Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "YAML" })).ToHaveCountAsync(width > 1100 ? 1 : 0);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Fields" })).ToHaveCountAsync(0);
        await AccessibleAsync(page, "keys", width);
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
    public async Task F6_moves_between_canvas_settings_text_and_rail_and_comes_back_to_where_it_was()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1");
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await PanesAsync(page, ["F6", ".settings :focus"], ["F6", ".cm-content:focus"], ["F6", ".rail a:focus"], ["F6", "[data-key='steps/1']:focus"], ["Shift+F6", ".rail a:focus"], ["Shift+F6", ".cm-content:focus"]);
    }

    [Fact]
    public async Task F6_moves_through_what_a_narrow_screen_shows()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1", width: 1024, height: 768);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        await PanesAsync(page, ["F6", ".settings :focus"], ["F6", ".rail a:focus"], ["F6", ".segments button:focus"], ["F6", "[data-key='steps/1']:focus"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "YAML", Exact = true }).ClickAsync();
        await PanesAsync(page, ["F6", ".cm-content:focus"], ["F6", ".rail a:focus"], ["F6", ".segments button:focus"], ["Shift+F6", ".rail a:focus"], ["Shift+F6", ".cm-content:focus"]);
    }

    [Fact]
    public async Task F6_brings_each_pane_into_view_at_400_percent()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/1", width: 320, height: 512);
        await page.Locator("[data-key='steps/1']").FocusAsync();
        foreach (var pane in new[] { ".settings :focus", ".rail a:focus", ".segments button:focus", "[data-key]:focus" })
        {
            await PanesAsync(page, ["F6", pane]);
            await Assertions.Expect(page.Locator(pane)).ToBeInViewportAsync();
        }

        await page.GotoAsync($"{stage.Address}/designer/flows/customer-to-salesforce?tab=mapping");
        await page.GetByRole(AriaRole.Treeitem).First.WaitForAsync();
        await page.GetByRole(AriaRole.Treeitem).First.FocusAsync();
        foreach (var pane in new[] { "[role=option]:focus", ".expression-bar :focus", ".rail a:focus", "[role=treeitem]:focus" })
        {
            await PanesAsync(page, ["F6", pane]);
            await Assertions.Expect(page.Locator(pane)).ToBeInViewportAsync();
        }
    }

    [Fact]
    public async Task A_screen_of_one_pane_moves_between_it_and_the_rail()
    {
        var page = await stage.OpenAsync("/audit");
        await ScreenTests.LoadedAsync(page);
        await PanesAsync(page, ["F6", ".rail a.active:focus"], ["F6", "main input:focus"], ["F6", ".rail a.active:focus"]);
    }

    [Fact]
    public async Task A_step_that_is_folded_away_unfolds_and_is_focused_when_it_is_chosen()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/0");
        var nested = page.Locator("[data-key^='steps/0/']").Filter(new() { HasText = "Surviving person" });
        await nested.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await CommandAsync(page, "canvas hide or show", "Enter");
        await Assertions.Expect(page.Locator("[data-key^='steps/0/']")).ToHaveCountAsync(0);
        for (var again = 0; again < 2; again++)
        {
            await CommandAsync(page, "steps surviving person", "Enter");
            await Assertions.Expect(page.Locator("[data-key^='steps/0/']:focus")).ToContainTextAsync("Surviving person");
            await Assertions.Expect(page.Locator("[data-key^='steps/0/']:focus")).ToBeInViewportAsync();
            // A branch that hides the step that is chosen is chosen itself.
            await page.Locator("[data-fold='steps/0']").DispatchEventAsync("click");
            await Assertions.Expect(page.Locator("[data-key^='steps/0/']")).ToHaveCountAsync(0);
            await Assertions.Expect(page.Locator("[data-key='steps/0']")).ToHaveAttributeAsync("aria-pressed", "true");
        }
    }

    /// <summary>What the command does is told by what is there afterwards.</summary>
    [Theory]
    [InlineData("/", "New flow", "[role=dialog] h2:text-is('New flow')")]
    [InlineData("/runs", "Why a value?", "[role=dialog]")]
    [InlineData("/dead-letters?deployment=customers", "Show the dead letters of all deployments", "button:has-text('All deployments')")]
    [InlineData("/reviews", "Show what was decided", ".segments button[aria-pressed=true]:text-is('Decided')")]
    [InlineData("/deployments", "New deployment", "h1:text-is('New deployment')")]
    [InlineData("/deploy?template=customer-to-salesforce", "Parameters", "h2:text-is('Parameters')")]
    [InlineData("/versions?deployment=pictured", "Go back to version 1", "[role=dialog] h2:text-is('Go back to version 1?')")]
    [InlineData("/versions?deployment=pictured", "What version 2 changed", "[aria-label=Difference]")]
    [InlineData("/connections", "New connection", "[role=dialog]")]
    [InlineData("/audit", "Search what was changed", "main .filters input:focus")]
    [InlineData("/settings", "New key", "[role=dialog] h2:text-is('New key')")]
    [InlineData("/flows/customer-to-salesforce", "Versions", ".tabs a[aria-current=page]:text-is('Versions')")]
    [InlineData("/flows/customer-to-salesforce?tab=mapping", "Next problem", "[role=option]:focus, .hidden[role=status]:text-is('No further problem.')")]
    [InlineData("/flows/customer-to-salesforce?tab=mapping", "Suggest sources", ".suggestions, .hidden[role=status]:text-is('No suggestion.')")]
    [InlineData("/flows/customer-to-salesforce?tab=runs", "Show the failed runs", "button:has-text('Failed')")]
    public async Task What_can_be_done_on_a_screen_is_offered_first(string path, string command, string then)
    {
        if (path.Contains("pictured", StringComparison.Ordinal)) await DocsTests.EnsureAsync(stage);
        var page = await stage.OpenAsync(path);
        await ScreenTests.LoadedAsync(page);
        if (path.Contains("mapping", StringComparison.Ordinal)) await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        var groups = page.GetByRole(AriaRole.Dialog, new() { Name = "Go to or do" }).GetByRole(AriaRole.Group);
        await groups.First.WaitForAsync();
        await Assertions.Expect(groups.First.Locator(".picker-head")).ToContainTextAsync("On this page");
        await page.Keyboard.TypeAsync(command);
        await groups.First.GetByRole(AriaRole.Option).Filter(new() { Has = page.Locator("b", new() { HasTextString = command }) }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Go to or do" })).ToHaveCountAsync(0);
        await page.Locator(then).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    private static async Task AccessibleAsync(IPage page, string name, int width)
    {
        foreach (var dark in new[] { false, true })
        {
            await DesignerStage.ColourAsync(page, dark);
            await DesignerStage.PictureAsync(page, $"{name}-{(dark ? "dark" : "light")}-{width}");
            await ScreenTests.AccessibleAsync(page);
        }
    }

    private static async Task PanesAsync(IPage page, params string[][] moves)
    {
        foreach (var move in moves)
        {
            await page.Keyboard.PressAsync(move[0]);
            await Assertions.Expect(page.Locator(move[1])).ToHaveCountAsync(1);
        }
    }

    internal static async Task CommandAsync(IPage page, string text, string? then)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+k");
        // Letters that come before the box has the focus are keys of the screen below.
        var box = page.GetByRole(AriaRole.Dialog, new() { Name = "Go to or do" }).GetByRole(AriaRole.Searchbox);
        await Assertions.Expect(box).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(text);
        await Assertions.Expect(box).ToHaveValueAsync(text);
        await page.Locator("[role=option][data-focused]").First.WaitForAsync();
        if (then is not null) await page.Keyboard.PressAsync(then);
    }
}
