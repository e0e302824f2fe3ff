using Microsoft.Playwright;

namespace WorkflowEngine.Designer.Tests;

/// <summary>Canvas, settings and text are one document.</summary>
public sealed class DesignTests(DesignerStage stage)
{
    [Fact]
    public async Task A_form_edit_changes_one_line_of_the_file_and_undo_gives_its_bytes_back()
    {
        var page = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "one-line");
        var key = await KeyOfAsync(before, "account");
        await page.GotoAsync($"{stage.Address}/designer/flows/one-line?step={key}");
        await page.GetByLabel("If several records match").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Newest" }).ClickAsync();
        await SavedAsync(page, byItself: true);
        var change = Assert.Single(FlowDraft.Changed(before, await FlowDraft.ReadAsync(stage.Api, "one-line")));
        Assert.Equal(("    onAmbiguous: review", "    onAmbiguous: newest"), (change.Before.TrimEnd(), change.After.TrimEnd()));
        await DesignerStage.PictureAsync(page, "design");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await SavedAsync(page);
        Assert.Equal(before, await FlowDraft.ReadAsync(stage.Api, "one-line"));
    }

    [Fact]
    public async Task Undo_survives_a_reload_of_the_page()
    {
        var page = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "reloaded");
        var key = await KeyOfAsync(before, "account");
        await page.GotoAsync($"{stage.Address}/designer/flows/reloaded?step={key}");
        await NoteAsync(page, "before the reload");
        await SavedAsync(page);
        await page.ReloadAsync();
        await page.Locator($"[data-key='{key}']").WaitForAsync();
        Assert.Contains("note: before the reload", await FlowDraft.ReadAsync(stage.Api, "reloaded"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Note")).ToHaveValueAsync("");
        await SavedAsync(page);
        Assert.Equal(before, await FlowDraft.ReadAsync(stage.Api, "reloaded"));
    }

    [Fact]
    public async Task A_step_is_added_moved_and_deleted_by_keyboard_alone()
    {
        var page = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "by-keyboard");
        var key = await KeyOfAsync(before, "account");
        await page.GotoAsync($"{stage.Address}/designer/flows/by-keyboard?step={key}");
        var card = page.Locator($"[data-key='{key}']");
        await card.FocusAsync();
        await page.Keyboard.PressAsync("a");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Searchbox).WaitForAsync();
        await page.Keyboard.TypeAsync("find one opportunity");
        await DesignerStage.PictureAsync(page, "step-picker");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Opportunity", Exact = true }).WaitForAsync();
        await SavedAsync(page);
        Assert.Contains("  - id: opportunity\n    lookup: salesforce/Opportunity\n    where: {}\n", await FlowDraft.ReadAsync(stage.Api, "by-keyboard"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await SavedAsync(page);
        var moved = await FlowDraft.ReadAsync(stage.Api, "by-keyboard");
        Assert.True(moved.IndexOf("id: opportunity", StringComparison.Ordinal) < moved.IndexOf("- id: account", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("Delete");
        await SavedAsync(page);
        Assert.Equal(before, await FlowDraft.ReadAsync(stage.Api, "by-keyboard"));
    }

    [Fact]
    public async Task A_request_to_a_web_service_begins_with_a_connection_and_a_path()
    {
        var page = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "asks");
        var key = await KeyOfAsync(before, "account");
        await page.GotoAsync($"{stage.Address}/designer/flows/asks?step={key}");
        await page.Locator($"[data-key='{key}']").FocusAsync();
        await page.Keyboard.PressAsync("a");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Searchbox).WaitForAsync();
        await page.Keyboard.TypeAsync("web service");
        await page.Keyboard.PressAsync("Enter");
        await SavedAsync(page);
        var added = FlowDraft.Changed(before, await FlowDraft.ReadAsync(stage.Api, "asks"));
        await DesignerStage.PictureAsync(page, "http-step");
        Assert.Contains(added, c => c.After.Contains("http:", StringComparison.Ordinal));
        Assert.Contains(added, c => c.After.Contains("path: /", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_is_shown_on_its_card_and_in_the_list_in_the_compilers_words()
    {
        var page = await stage.OpenAsync("/");
        await FlowDraft.CreateAsync(stage.Api, "mistaken", text => text.Replace("Name: =text.truncate(input.name, 255)", "Name: =text.truncate(input.nmae, 255)", StringComparison.Ordinal));
        await page.GotoAsync($"{stage.Address}/designer/flows/mistaken");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 problem" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("nmae");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("WF");
        await DesignerStage.PictureAsync(page, "problems");
    }

    [Fact]
    public async Task A_text_that_cannot_be_read_keeps_the_last_picture_and_says_so()
    {
        var page = await stage.OpenAsync("/");
        await FlowDraft.CreateAsync(stage.Api, "unreadable");
        await page.GotoAsync($"{stage.Address}/designer/flows/unreadable");
        await page.Locator(".yaml-editor .cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.TypeAsync("\"broken: [\n");
        await Assertions.Expect(page.GetByText("The YAML has a mistake.")).ToBeVisibleAsync();
        Assert.True(await page.Locator("[data-key]").CountAsync() > 3);
        await DesignerStage.PictureAsync(page, "broken");
    }

    [Fact]
    public async Task Two_people_on_one_flow_lose_nothing()
    {
        var first = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "two-people");
        var key = await KeyOfAsync(before, "account");
        var second = await stage.OpenAsync($"/flows/two-people?step={key}", apart: true);
        await first.GotoAsync($"{stage.Address}/designer/flows/two-people?step={key}");
        await NoteAsync(first, "from the first");
        await SavedAsync(first);
        await NoteAsync(second, "from the second");
        await Assertions.Expect(second.GetByText("Changed on the server")).ToBeVisibleAsync();
        Assert.Contains("note: from the first", await FlowDraft.ReadAsync(stage.Api, "two-people"), StringComparison.Ordinal);
        await second.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(second.GetByRole(AriaRole.Dialog)).ToContainTextAsync("from the first");
        await DesignerStage.PictureAsync(second, "conflict");
        await second.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Keep mine" }).ClickAsync();
        await SavedAsync(second);
        Assert.Contains("note: from the second", await FlowDraft.ReadAsync(stage.Api, "two-people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_someone_deleted_meanwhile_is_kept_as_a_draft_again()
    {
        var page = await stage.OpenAsync("/");
        var before = await FlowDraft.CreateAsync(stage.Api, "deleted-meanwhile");
        await page.GotoAsync($"{stage.Address}/designer/flows/deleted-meanwhile?step={await KeyOfAsync(before, "account")}");
        await page.Locator(".settings h2").WaitForAsync();
        using (var read = await stage.Api.GetAsync("/api/drafts/deleted-meanwhile"))
        using (var delete = new HttpRequestMessage(HttpMethod.Delete, "/api/drafts/deleted-meanwhile"))
        {
            delete.Headers.IfMatch.Add(read.Headers.ETag!);
            using var deleted = await stage.Api.SendAsync(delete);
            Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        }

        await NoteAsync(page, "not lost");
        await Assertions.Expect(page.GetByText("This draft was deleted on the server.")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "deleted-meanwhile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep it as a draft again" }).ClickAsync();
        await SavedAsync(page);
        Assert.Contains("note: not lost", await FlowDraft.ReadAsync(stage.Api, "deleted-meanwhile"), StringComparison.Ordinal);
    }

    /// <summary>Waits until the draft is on the server as it stands on the screen.</summary>
    /// <param name="page">The flow.</param>
    /// <param name="byItself">Nobody asks for it: it is saved two seconds after the last change.</param>
    internal static async Task SavedAsync(IPage page, bool byItself = false)
    {
        if (!byItself) await page.Keyboard.PressAsync("Control+s");
        await Assertions.Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();
    }

    /// <summary>Where a top-level step stands: its place in the list, by its id.</summary>
    internal static Task<string> KeyOfAsync(string flow, string id)
    {
        var items = flow.Split('\n').SkipWhile(l => !l.StartsWith("steps:", StringComparison.Ordinal)).Where(l => l.StartsWith("  - ", StringComparison.Ordinal)).ToList();
        var at = items.FindIndex(l => l.StartsWith($"  - id: {id}", StringComparison.Ordinal) || l.StartsWith($"  - {{ id: {id},", StringComparison.Ordinal));
        Assert.True(at >= 0, $"no step {id}");
        return Task.FromResult($"steps/{at}");
    }

    private static async Task NoteAsync(IPage page, string text)
    {
        var note = page.GetByLabel("Note");
        await note.FillAsync(text);
        await note.BlurAsync();
    }
}
