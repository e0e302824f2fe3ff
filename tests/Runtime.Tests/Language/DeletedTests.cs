using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary><c>onDeleted</c> of an upsert.</summary>
public sealed class DeletedTests
{
    private static readonly EntityDescriptor Note = FakeEntity.Describe("Note", "Key!", "Email", "Text", "Kept") with { Restorable = true };

    private const string Flow = """
        flow: notes
        input: { id: text, text: text, email: { type: text, optional: true } }
        trigger: { webhook: notes, with: =trigger }
        key: =input.id
        steps:
          - id: note
            upsert: target/Note
            match: [[Key], [Email]]
            onDeleted: restore
            set: { Key: =input.id, Email: =input.email, Text: =input.text }
          - create: target/Job
            once: { Key: '=`${input.id}/${input.text}`' }
            set: { Note: '=`${note?.id ?? "none"} ${note?.created ?? "-"} ${note?.changed ?? "-"}`' }
        """;

    [Fact]
    public async Task What_carries_the_key_is_taken_back_and_changed()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var id = harness.Target.Put("Note", null, ("Key", "a"), ("Text", "old"), ("Kept", "by hand"));
        harness.Target.Bin("Note", id);
        await harness.PostAsync(flow, ("id", "a"), ("text", "new"));
        await harness.IdleAsync();
        var note = Assert.Single(harness.Target.All("Note"));
        Assert.Equal((id, "new", "by hand"), (note["id"], note["Text"], note["Kept"]));
        Assert.Equal($"{id} false true", Assert.Single(harness.Target.All("Job"))["Note"]);
        Assert.Equal(["restored", "updated"], harness.Stores.AllEffects.Where(e => e.Entity == "Note").Select(e => e.Verb));
    }

    [Fact]
    public async Task What_stands_as_it_should_has_changed_by_being_taken_back()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var id = harness.Target.Put("Note", null, ("Key", "a"), ("Text", "same"));
        harness.Target.Bin("Note", id);
        await harness.PostAsync(flow, ("id", "a"), ("text", "same"));
        await harness.IdleAsync();
        Assert.Equal($"{id} false true", Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    [Fact]
    public async Task A_record_that_another_rule_finds_goes_before_a_deleted_one()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        harness.Target.Bin("Note", harness.Target.Put("Note", null, ("Key", "a"), ("Text", "old")));
        var other = harness.Target.Put("Note", null, ("Email", "a@example.com"), ("Text", "other"));
        await harness.PostAsync(flow, ("id", "a"), ("text", "new"), ("email", "a@example.com"));
        await harness.IdleAsync();
        Assert.Equal((other, "a"), (Assert.Single(harness.Target.All("Note"))["id"], harness.Target.All("Note")[0]["Key"]));
    }

    [Theory]
    [InlineData("skip", "none - -", 0, 0)]
    [InlineData("create", "new true true", 1, 0)]
    [InlineData("fail", null, 0, 1)]
    public async Task The_other_words_mean_what_they_say(string word, string? said, int notes, int letters)
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Flow.Replace("restore", word, StringComparison.Ordinal))[0];
        await harness.StartAsync();
        harness.Target.Bin("Note", harness.Target.Put("Note", null, ("Key", "a"), ("Text", "old")));
        await harness.PostAsync(flow, ("id", "a"), ("text", "new"));
        await harness.IdleAsync();
        Assert.Equal(notes, harness.Target.All("Note").Count);
        Assert.Equal(letters, harness.Stores.AllLetters.Count);
        if (said is null) Assert.Contains("that carries the key was deleted", harness.Stores.AllLetters[0].Content.Message, StringComparison.Ordinal);
        else Assert.Equal(said.Replace("new", (string?)harness.Target.All("Note").FirstOrDefault()?["id"] ?? "", StringComparison.Ordinal), Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    [Fact]
    public async Task Killed_at_every_boundary_one_record_is_there_and_it_is_the_old_one()
    {
        var undisturbed = await RunAsync(0);
        Assert.True(undisturbed > 5);
        for (var die = 1; die <= undisturbed; die++) await RunAsync(die);

        static async Task<int> RunAsync(int die)
        {
            await using var harness = Harness();
            var reached = 0;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var flow = harness.Deploy(null, Flow)[0];
            await harness.StartAsync();
            var id = harness.Target.Put("Note", null, ("Key", "a"), ("Text", "old"));
            harness.Target.Bin("Note", id);
            await harness.PostAsync(flow, ("id", "a"), ("text", "new"));
            await harness.UntilDeadOrIdleAsync();
            if (harness.IsDead) await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(1));
            Assert.Equal((id, "new"), (Assert.Single(harness.Target.All("Note"))["id"], harness.Target.All("Note")[0]["Text"]));
            Assert.Equal($"{id} false true", Assert.Single(harness.Target.All("Job"))["Note"]);
            return reached;
        }
    }

    [Fact]
    public async Task A_lost_answer_to_the_restoring_makes_no_second_record()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var id = harness.Target.Put("Note", null, ("Key", "a"), ("Text", "old"));
        harness.Target.Bin("Note", id);
        var lost = false;
        harness.Target.Faults = (what, _) => what == "restore" && !lost && (lost = true) ? FakeFault.LostAnswer : FakeFault.None;
        await harness.PostAsync(flow, ("id", "a"), ("text", "new"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.True(lost);
        Assert.Equal((id, "new"), (Assert.Single(harness.Target.All("Note"))["id"], harness.Target.All("Note")[0]["Text"]));
    }

    private static RuntimeHarness Harness()
    {
        var harness = Bench.Harness();
        harness.Target.Add(Note);
        return harness;
    }
}
