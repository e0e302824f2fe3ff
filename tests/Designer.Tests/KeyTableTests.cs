using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>The table of keys claims only keys that work: each of its lines is pressed.</summary>
public sealed class KeyTableTests(DesignerStage stage)
{
    private const string Flow = """
        flow: pressed
        title: Keys that are pressed
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed }
        steps:
          - id: account
            lookup: salesforce/Account
            where: { Name: =input.nmae }
            orElse: none
          - id: way
            branch:
              - case: known
                when: =account !== null
                do:
                  - id: renamed
                    update: salesforce/Account
                    record: =account.Id
                    set: { Name: =input.name }
              - case: unknown
                when: =account === null
                do:
                  - id: told
                    warn: Nobody knows it
          - id: last
            stop: Done

        """;

    [Fact]
    public async Task Each_line_of_the_table_beside_canvas_and_text_holds()
    {
        await FlowDraft.CreateAsync(stage.Api, "pressed", _ => Flow);
        var page = await stage.OpenAsync("/flows/pressed?step=steps/0");
        await page.Locator("[data-key='steps/0']").WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "problem" })).ToBeVisibleAsync();
        var cards = page.Locator("[data-key]");
        var text = page.Locator(".yaml-editor .cm-content");
        var focused = page.Locator("[data-key]:focus");
        var count = await cards.CountAsync();
        Task OnAsync(string key) => page.Locator($"[data-key='{key}']").FocusAsync();
        Task CardsAsync(int expected) => Assertions.Expect(cards).ToHaveCountAsync(expected);
        async Task UndoneAsync()
        {
            await PressAsync(page, "Control+z");
            await CardsAsync(count);
        }

        await TableAsync(page, new()
        {
            ["Everywhere Ctrl+K"] = async () => await OpensAsync(page, "Control+k", "Go to or do"),
            ["Everywhere ?"] = async () => await OpensAsync(page, "?", "Keys that work here"),
            ["Everywhere F6 · Shift+F6"] = async () =>
            {
                await OnAsync("steps/0");
                await PressAsync(page, "F6");
                await Assertions.Expect(page.Locator(".settings :focus")).ToHaveCountAsync(1);
                await PressAsync(page, "Shift+F6");
                await Assertions.Expect(page.Locator("[data-key='steps/0']:focus")).ToHaveCountAsync(1);
            },
            ["Everywhere Esc"] = async () =>
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
                await page.GetByRole(AriaRole.Dialog).WaitForAsync();
                await PressAsync(page, "Escape");
                await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            },
            ["This flow Ctrl+S"] = async () =>
            {
                // The draft is not saved by itself again after the server refused it.
                await page.RouteAsync("**/api/drafts/pressed", route => route.Request.Method == "PUT" ? route.FulfillAsync(new() { Status = 500, ContentType = "application/problem+json", Body = """{ "title": "No room" }""" }) : route.ContinueAsync());
                await OnAsync("steps/0");
                await PressAsync(page, "Control+d");
                await Assertions.Expect(page.GetByText("The draft could not be saved")).ToBeVisibleAsync();
                await page.UnrouteAllAsync();
                await PressAsync(page, "Control+s");
                await DesignTests.SavedAsync(page);
                await UndoneAsync();
            },
            ["This flow Ctrl+Enter"] = async () =>
            {
                // Its draft, and not the deployment's version, is what is planned.
                await OnAsync("steps/0");
                await OpensAsync(page, "Control+Enter", "What would change");
            },
            ["This flow Ctrl+Z"] = async () =>
            {
                await OnAsync("steps/2");
                await PressAsync(page, "Control+d");
                await CardsAsync(count + 1);
                await UndoneAsync();
            },
            ["This flow Ctrl+Shift+Z · Ctrl+Y"] = async () =>
            {
                foreach (var key in new[] { "Control+Shift+z", "Control+y" })
                {
                    await PressAsync(page, key);
                    await CardsAsync(count + 1);
                    await UndoneAsync();
                }
            },
            ["Canvas ← ↑ → ↓"] = async () =>
            {
                await OnAsync("steps/0");
                foreach (var (key, title) in new[] { ("ArrowDown", "Way"), ("ArrowDown", "Told"), ("ArrowLeft", "Renamed"), ("ArrowRight", "Told"), ("ArrowUp", "Way") })
                {
                    await PressAsync(page, key);
                    await Assertions.Expect(focused.Locator("b")).ToHaveTextAsync(title);
                }
            },
            ["Canvas Home · End"] = async () =>
            {
                await PressAsync(page, "Home");
                await Assertions.Expect(page.Locator("[data-key^=trigger]:focus")).ToHaveCountAsync(1);
                await PressAsync(page, "End");
                await Assertions.Expect(focused.Locator("b")).ToHaveTextAsync("Last");
            },
            ["Canvas Enter"] = async () =>
            {
                await OnAsync("steps/0");
                await PressAsync(page, "Enter");
                await Assertions.Expect(page.Locator(".settings :focus")).ToHaveCountAsync(1);
            },
            ["Canvas Esc"] = async () =>
            {
                await OnAsync("steps/0");
                await PressAsync(page, "Escape");
                await Assertions.Expect(page.Locator("[data-key][aria-pressed=true]")).ToHaveCountAsync(0);
            },
            ["Canvas A · Shift+A"] = async () =>
            {
                await OnAsync("steps/2");
                await OpensAsync(page, "a", "Add a step after Last");
                await OnAsync("steps/2");
                await OpensAsync(page, "Shift+A", "Add a step before Last");
            },
            ["Canvas Delete"] = async () =>
            {
                await OnAsync("steps/2");
                await PressAsync(page, "Delete");
                await CardsAsync(count - 1);
                await UndoneAsync();
            },
            ["Canvas Ctrl+C · X · V · D"] = async () =>
            {
                await OnAsync("steps/2");
                await PressAsync(page, "Control+d");
                await CardsAsync(count + 1);
                await UndoneAsync();
                await OnAsync("steps/2");
                await PressAsync(page, "Control+c");
                await PressAsync(page, "Control+v");
                await CardsAsync(count + 1);
                await UndoneAsync();
                await OnAsync("steps/2");
                await PressAsync(page, "Control+x");
                await CardsAsync(count - 1);
                await UndoneAsync();
            },
            ["Canvas Alt+↑ · Alt+↓"] = async () =>
            {
                await OnAsync("steps/2");
                await PressAsync(page, "Alt+ArrowUp");
                await Assertions.Expect(page.Locator("[data-key='steps/1'] b")).ToHaveTextAsync("Last");
                await Assertions.Expect(page.Locator("[data-key='steps/1']:focus")).ToHaveCountAsync(1);
                await PressAsync(page, "Alt+ArrowDown");
                await Assertions.Expect(page.Locator("[data-key='steps/2'] b")).ToHaveTextAsync("Last");
            },
            ["Canvas Shift+F10"] = async () =>
            {
                await OnAsync("steps/2");
                await PressAsync(page, "Shift+F10");
                await Assertions.Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Duplicate" })).ToBeVisibleAsync();
                await PressAsync(page, "Escape");
                await Assertions.Expect(page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
            },
            ["Canvas /"] = async () =>
            {
                await OnAsync("steps/2");
                await OpensAsync(page, "/", "Find a step");
            },
            ["YAML Ctrl+Space"] = async () =>
            {
                await text.ClickAsync();
                await PressAsync(page, "Control+End");
                await PressAsync(page, "Control+Space");
                await Assertions.Expect(page.Locator(".cm-tooltip-autocomplete")).ToBeVisibleAsync();
                await PressAsync(page, "Escape");
            },
            ["YAML F8"] = async () =>
            {
                await text.FocusAsync();
                await PressAsync(page, "Control+Home");
                await PressAsync(page, "F8");
                await Assertions.Expect(page.Locator(".yaml-editor .cm-activeLine")).ToContainTextAsync("nmae");
            },
            ["YAML Ctrl+F"] = async () =>
            {
                await text.FocusAsync();
                await PressAsync(page, "Control+f");
                await Assertions.Expect(page.Locator(".cm-search")).ToBeVisibleAsync();
                await PressAsync(page, "Escape");
            },
            ["YAML Tab · Shift+Tab"] = async () =>
            {
                await text.FocusAsync();
                await PressAsync(page, "Control+Home");
                await PressAsync(page, "Tab");
                await Assertions.Expect(page.Locator(".yaml-editor .cm-line").First).ToHaveTextAsync("  flow: pressed");
                await PressAsync(page, "Shift+Tab");
                await Assertions.Expect(page.Locator(".yaml-editor .cm-line").First).ToHaveTextAsync("flow: pressed");
            },
            ["YAML Ctrl+M"] = async () =>
            {
                await text.FocusAsync();
                await PressAsync(page, "Control+m");
                await PressAsync(page, "Shift+Tab");
                await Assertions.Expect(page.Locator(".yaml-editor .cm-content:focus")).ToHaveCountAsync(0);
                await text.FocusAsync();
                await PressAsync(page, "Control+m");
                await PressAsync(page, "Tab");
                await Assertions.Expect(page.Locator(".yaml-editor .cm-content:focus")).ToHaveCountAsync(1);
                await PressAsync(page, "Shift+Tab");
            },
        });
    }

    [Fact]
    public async Task Each_line_of_the_table_beside_the_mapper_holds()
    {
        await FlowDraft.CreateAsync(stage.Api, "pressed-fields");
        var page = await stage.OpenAsync("/flows/pressed-fields?tab=mapping");
        var sources = page.GetByRole(AriaRole.Treeitem);
        var fields = page.GetByRole(AriaRole.Option);
        await sources.First.WaitForAsync();
        await fields.First.WaitForAsync();
        var carrying = page.Locator(".map-scroll.carrying");
        async Task OnSourceAsync()
        {
            await page.GetByLabel("Search names and values").FillAsync("address.city");
            await page.Locator("[role=treeitem]:has([data-port='input.address.city'])").FocusAsync();
        }

        async Task OnFieldAsync(string name)
        {
            await page.GetByLabel("Search names and values").FillAsync("");
            await page.GetByLabel("Search fields").FillAsync(name);
            await page.Locator($"[data-target='{name}']").ClickAsync();
            await page.Locator($"[data-target='{name}']").FocusAsync();
        }

        async Task MovesAsync(string list)
        {
            foreach (var (key, at) in new[] { ("Home", "0"), ("ArrowDown", "1"), ("ArrowUp", "0") })
            {
                await PressAsync(page, key);
                await Assertions.Expect(page.Locator($"#{list}-{at}:focus")).ToHaveCountAsync(1);
            }

            await PressAsync(page, "End");
            await Assertions.Expect(page.Locator($"[id^='{list}-']:focus")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator($"#{list}-0:focus")).ToHaveCountAsync(0);
            await PressAsync(page, "ArrowDown");
            await Assertions.Expect(page.Locator($"[id^='{list}-']:focus")).ToHaveCountAsync(1);
        }

        await TableAsync(page, new()
        {
            ["Source ↑ ↓ · Home · End"] = async () =>
            {
                await sources.First.FocusAsync();
                await MovesAsync("source");
            },
            ["Source → · ←"] = async () =>
            {
                await PressAsync(page, "Home");
                await Assertions.Expect(page.Locator("#source-0:focus")).ToHaveCountAsync(1);
                var first = page.Locator("#source-0");
                foreach (var (key, open) in new[] { ("ArrowLeft", "false"), ("ArrowRight", "true") })
                {
                    await PressAsync(page, key);
                    await Assertions.Expect(first).ToHaveAttributeAsync("aria-expanded", open);
                }

                await OnSourceAsync();
                await PressAsync(page, "ArrowRight");
                await Assertions.Expect(carrying).ToHaveCountAsync(1);
                await PressAsync(page, "Escape");
            },
            ["Source Enter"] = async () =>
            {
                await page.GetByLabel("Search fields").FillAsync("Fax");
                await OnSourceAsync();
                await PressAsync(page, "Enter");
                await Assertions.Expect(carrying).ToHaveCountAsync(1);
                await PressAsync(page, "Enter");
                await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Mapped: =input.address" })).ToHaveCountAsync(1);
            },
            ["Source Esc"] = async () =>
            {
                await OnSourceAsync();
                await PressAsync(page, "Enter");
                await Assertions.Expect(carrying).ToHaveCountAsync(1);
                await PressAsync(page, "Escape");
                await Assertions.Expect(carrying).ToHaveCountAsync(0);
            },
            ["Fields ↑ ↓ · Home · End"] = async () =>
            {
                await page.GetByLabel("Search fields").FillAsync("");
                await fields.First.FocusAsync();
                await MovesAsync("target");
            },
            ["Fields Enter"] = async () =>
            {
                await OnFieldAsync("Fax");
                await PressAsync(page, "Enter");
                await Assertions.Expect(page.Locator(".expression-edit .cm-content:focus")).ToHaveCountAsync(1);
            },
            ["Fields Delete"] = async () =>
            {
                await OnFieldAsync("Fax");
                await PressAsync(page, "Delete");
                await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Fax. Not mapped" }).Or(page.Locator("[data-target='Fax'][aria-label*='Not mapped']"))).ToHaveCountAsync(1);
            },
            ["Fields M"] = async () =>
            {
                await OnFieldAsync("Fax");
                await PressAsync(page, "m");
                await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Source of");
                await PressAsync(page, "Escape");
                await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            },
            ["Fields N · P"] = async () =>
            {
                await OnFieldAsync("Name");
                await PressAsync(page, "Delete");
                await Assertions.Expect(page.Locator("[data-target='Name'][aria-label*='required. Not mapped']")).ToHaveCountAsync(1);
                await page.GetByLabel("Search fields").FillAsync("");
                foreach (var (from, key) in new[] { ("End", "p"), ("Home", "n") })
                {
                    await fields.First.FocusAsync();
                    await PressAsync(page, from);
                    // It may be the first row itself, and there may be other problems on the way.
                    for (var step = 0; step < 40 && await page.Locator("[data-target='Name']:focus").CountAsync() == 0; step++)
                    {
                        var at = await page.Locator("[data-target]:focus").GetAttributeAsync("data-target");
                        await PressAsync(page, key);
                        await Assertions.Expect(page.Locator($"[data-target]:not([data-target='{at}']):focus")).ToHaveCountAsync(1);
                    }

                    await Assertions.Expect(page.Locator("[data-target='Name']:focus")).ToHaveCountAsync(1);
                }
            },
        });
    }

    private static Task PressAsync(IPage page, string key) => page.Keyboard.PressAsync(key);

    private static async Task OpensAsync(IPage page, string key, string title)
    {
        if (key is "?") await page.Locator("[data-key='steps/0']").FocusAsync();
        await PressAsync(page, key);
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = title, Exact = true })).ToBeVisibleAsync();
        await PressAsync(page, "Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    /// <summary>Tries every line; a line that nobody tries, and a test of a line that is not there, fail.</summary>
    private static async Task TableAsync(IPage page, Dictionary<string, Func<Task>> lines)
    {
        await KeyboardTests.CommandAsync(page, "keys that work", "Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys that work here" });
        await dialog.WaitForAsync();
        var claimed = await dialog.EvaluateAsync<string[]>("dialog => [...dialog.querySelectorAll('section')].flatMap(part => [...part.querySelectorAll('dl > div')].map(row => part.querySelector('h3').textContent + ' ' + [...row.querySelectorAll('kbd')].map(k => k.textContent).join(' · ')))");
        await PressAsync(page, "Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        // What is tried beside the canvas need not be tried again.
        var wanted = lines.Keys.Any(k => k.StartsWith("Canvas", StringComparison.Ordinal)) ? claimed : [.. claimed.Where(c => !c.StartsWith("Everywhere", StringComparison.Ordinal) && !c.StartsWith("This flow", StringComparison.Ordinal))];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), lines.Keys.Order(StringComparer.Ordinal));
        foreach (var (line, holds) in lines)
        {
            try
            {
                await holds();
            }
            catch (Exception e) when (e is PlaywrightException or TimeoutException)
            {
                Assert.Fail($"{line}: {e.Message}");
            }
        }
    }
}
