using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Every screen shows what the engine did, and can be used by everybody.</summary>
public sealed class ScreenTests(DesignerStage stage)
{
    private static readonly List<string> Rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

    public static TheoryData<string, string> Screens => new()
    {
        { "flows", "/" }, { "design", "/flows/customer-to-salesforce?step=steps/1" }, { "mapping", "/flows/customer-to-salesforce?tab=mapping" }, { "flow-runs", "/flows/customer-to-salesforce?tab=runs" }, { "flow-versions", "/flows/customer-to-salesforce?tab=versions" }, { "runs", "/runs" }, { "dead-letters", "/dead-letters" }, { "reviews", "/reviews" }, { "deployments", "/deployments" },
        { "deploy", "/deploy?template=customer-to-salesforce&step=connections" }, { "connections", "/connections" }, { "audit", "/audit" }, { "settings", "/settings" },
    };

    /// <summary>1,280 pixels at 400 % are 320. The canvas and the mapper are drawings of two dimensions; their text is in the YAML.</summary>
    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_screen_is_accessible_in_light_and_dark_and_can_be_used_at_1024_pixels_and_at_400_percent(string name, string path)
    {
        var page = await stage.OpenAsync(path);
        await LoadedAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        foreach (var dark in new[] { false, true })
        {
            await DesignerStage.ColourAsync(page, dark);
            await DesignerStage.PictureAsync(page, name + (dark ? "-dark" : "-light"));
            await AccessibleAsync(page);
        }

        await DesignerStage.ColourAsync(page, dark: false);
        await page.SetViewportSizeAsync(1024, 768);
        await LoadedAsync(page);
        await DesignerStage.PictureAsync(page, name + "-1024");
        await FitsAsync(page);
        if (name == "mapping") Assert.Equal("", string.Join(", ", await page.EvaluateAsync<string[]>(CutChips)));
        if (name is "design" or "mapping") return;
        await page.SetViewportSizeAsync(320, 512);
        await LoadedAsync(page);
        await DesignerStage.PictureAsync(page, name + "-400-percent");
        Assert.Equal("", string.Join("\n", await page.EvaluateAsync<string[]>(Narrow)));
        await FitsAsync(page);
        var heading = page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await heading.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(heading).ToBeInViewportAsync();
        // What can be pressed can be brought into view: nothing stands where no scrolling reaches.
        foreach (var button in await page.Locator("main button:visible, header button:visible").AllAsync())
        {
            await button.ScrollIntoViewIfNeededAsync();
            var box = await button.BoundingBoxAsync();
            Assert.True(box is null || (box.X > -1 && box.X < 320 && box.Y > -1 && box.Y < 512), $"{name}: {await button.InnerTextAsync()} at {box?.X},{box?.Y}");
            if (await page.Locator("main button:visible").CountAsync() > 60) break;
        }
    }

    [Fact]
    public async Task A_run_shows_its_steps_and_the_lines_that_gave_its_values()
    {
        // Of one customer whom no other story changes: the newest run of all may be one that wrote a phone.
        var page = await stage.OpenAsync("/runs?outcome=succeeded&deployment=customers&key=77000009");
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
    public async Task A_run_tells_what_it_was_given_what_each_step_read_and_how_long_it_took()
    {
        var page = await stage.OpenAsync("/runs?run=" + await stage.RunOfAsync("77000008"));
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Run" });
        var input = detail.GetByRole(AriaRole.Region, new() { Name = "Input" });
        await input.Locator("summary").First.ClickAsync();
        await Assertions.Expect(input).ToContainTextAsync("in tenant now");
        await input.GetByText("address", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(input).ToContainTextAsync("8 Maple St");
        var steps = detail.GetByRole(AriaRole.Region, new() { Name = "Steps" });
        await Assertions.Expect(steps.Locator("li").First).ToContainTextAsync(new System.Text.RegularExpressions.Regex("[0-9]+(\\.[0-9]+)? m?s"));
        var reads = steps.Locator("details").Filter(new() { HasText = "What it read" }).First;
        await reads.Locator("summary").First.ClickAsync();
        // Contact lines are given only together with their customer, which the run kept.
        await Assertions.Expect(reads).ToContainTextAsync("in tenant now");
        await Assertions.Expect(reads).ToContainTextAsync("customerId");
        await Assertions.Expect(reads.GetByText("MobilePhone").Or(reads.GetByText("Phone", new() { Exact = true })).Or(reads.GetByText("Email", new() { Exact = true })).First).ToBeVisibleAsync();
        await WholeLinesAsync(page);
        await DesignerStage.PictureAsync(page, "run-read");
        await AccessibleAsync(page);
    }

    [Fact]
    public async Task The_list_of_flows_tells_when_each_ran_last_and_leads_there()
    {
        var page = await stage.OpenAsync("/");
        await page.GetByLabel("Search flows").FillAsync("customer-to-salesforce");
        var row = page.Locator("tbody tr").Filter(new() { HasText = "Running" }).First;
        await row.Locator("a[href*='run=']").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Run" })).ToContainTextAsync("customers");
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
        var page = await stage.OpenAsync("/deployments", apart: true);
        await page.GetByRole(AriaRole.Heading, new() { Name = "customers" }).WaitForAsync();
        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.GetByText("The server cannot be reached.").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "customers" })).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "offline");
    }

    [Fact]
    public async Task A_written_field_says_why_it_holds_its_value()
    {
        var page = await stage.OpenAsync("/runs?outcome=succeeded&deployment=customers&run=" + await stage.RunOfAsync("77000005"));
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Run" });
        await detail.GetByRole(AriaRole.Button, new() { Name = "Why BillingCity" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("Boise");
        await Assertions.Expect(dialog).ToContainTextAsync("BillingCity: =input.address.city");
        await Assertions.Expect(dialog).ToContainTextAsync("77000005");
        await Assertions.Expect(dialog).ToContainTextAsync("Lines");
        await DesignerStage.PictureAsync(page, "why");
        await AccessibleAsync(page);
    }

    [Fact]
    public async Task A_run_is_shown_on_the_canvas_and_its_record_becomes_a_sample()
    {
        var run = await stage.RunOfAsync("77000006");
        var page = await stage.OpenAsync("/runs?run=" + run);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show on the canvas" }).ClickAsync();
        await Assertions.Expect(page.Locator(".card").Filter(new() { HasText = "Account" }).Filter(new() { HasText = "Created" }).First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator(".card.faded").First).ToBeAttachedAsync();
        await DesignerStage.PictureAsync(page, "run-on-canvas");
        await AccessibleAsync(page);
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Use as sample" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-target='BillingStreet']")).ToContainTextAsync("6 Maple St");
        // What its steps read and computed is there too: the phone is one of its contact lines.
        await page.GetByRole(AriaRole.Button, new() { Name = "Step" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Account (create or update" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-target='Phone']")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("\\+1[0-9]{10}"));
        await Assertions.Expect(page.Locator("[data-target='ServiceTitan_Tags__c']")).ToContainTextAsync("cleared");
        await DesignerStage.PictureAsync(page, "mapping-of-a-run");
        await Assertions.Expect(page.Locator(".target-mark .error, .target-value .later")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_last_day_of_a_deployment_lies_over_its_cards()
    {
        var page = await stage.OpenAsync("/flows/customer-to-salesforce?step=steps/4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Last 24 hours" }).ClickAsync();
        await Assertions.Expect(page.Locator(".card-state").Filter(new() { HasText = "succeeded" }).First).ToBeAttachedAsync();
        await DesignerStage.PictureAsync(page, "last-day");
        await AccessibleAsync(page);
    }

    /// <summary>Durations and times of a list stay on one line, and the list needs no scrolling to the side, though a run is open beside it.</summary>
    private static async Task WholeLinesAsync(IPage page)
    {
        foreach (var width in new[] { 1440, 1024 })
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.Equal("", string.Join(", ", await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.list-side td.num, .list-side td time')].filter(e => { const r = document.createRange(); r.selectNodeContents(e.firstChild ?? e); return new Set([...r.getClientRects()].map(x => Math.round(x.top))).size > 1 }).map(e => e.textContent)")));
            Assert.True(await page.EvaluateAsync<bool>("() => { const box = document.querySelector('.list-side .table-box'); return box.scrollWidth <= box.clientWidth + 1 }"), $"the list at {width}");
        }

        await page.SetViewportSizeAsync(1440, 900);
    }

    internal static async Task AccessibleAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = Rules } });
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.Select(v => $"{v.Id}: {v.Help}\n  " + string.Join("\n  ", v.Nodes.Take(3).Select(n => n.Html)))));
    }

    /// <summary>What stands below a field's name stands there whole or not at all.</summary>
    private const string CutChips = """
        () => [...document.querySelectorAll('.target-about > :not(code)')].filter(e => {
            const [line, box] = [e.parentElement.getBoundingClientRect(), e.getBoundingClientRect()]
            return box.top < line.bottom - 1 && (box.right > line.right + 1 || box.bottom > line.bottom + 1 || e.scrollWidth > e.clientWidth + 1)
        }).map(e => e.textContent)
        """;

    /// <summary>
    /// What is wider than a narrow window, stands beside it, or is cut by a bar: cards, forms, notes and the bars themselves. Only tables and drawings may scroll in both directions; text that ends with an ellipsis is whole elsewhere.
    /// </summary>
    private const string Narrow = """
        () => {
            const wrong = []
            const free = '.table-box, .still, pre, .compare, .cm-scroller, .hidden'
            const told = e => `${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.trim().slice(0, 40)}`
            for (const e of document.querySelectorAll('main *, header.top *, nav.rail *, .subbar *')) {
                if (e.closest(free) && !e.matches('.table-box, .still')) continue
                const box = e.getBoundingClientRect()
                if (box.width > 0 && (box.left < -1 || box.right > innerWidth + 1)) wrong.push('beside the window: ' + told(e))
                const style = getComputedStyle(e)
                if (!e.matches(free) && !e.matches('input, textarea') && /auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1) wrong.push('scrolls sideways: ' + told(e))
            }
            for (const e of document.querySelectorAll('.table-box')) if (e.scrollHeight > e.clientHeight + 1) wrong.push('a list with a height of its own: ' + told(e))
            for (const bar of document.querySelectorAll('header.top, nav.rail, .subbar')) {
                const [out, inner] = [bar.getBoundingClientRect(), [...bar.querySelectorAll('h1, a, button, .state, .input')].filter(e => !e.closest('.hidden'))]
                for (const e of inner) {
                    const box = e.getBoundingClientRect()
                    if (box.height > 0 && (box.top < out.top - 1 || box.bottom > out.bottom + 1)) wrong.push('cut by its bar: ' + told(e))
                    if (e.matches('button') && e.scrollHeight > e.clientHeight + 1) wrong.push('text cut in half: ' + told(e))
                }
            }
            return [...new Set(wrong)].slice(0, 12)
        }
        """;

    /// <summary>Nothing scrolls sideways.</summary>
    private static async Task FitsAsync(IPage page) => await page.WaitForFunctionAsync("document.documentElement.scrollWidth <= innerWidth");

    /// <summary>Nothing of the screen is still on its way.</summary>
    internal static async Task LoadedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Loading")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
    }
}
