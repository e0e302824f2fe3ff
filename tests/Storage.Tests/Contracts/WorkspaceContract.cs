using System.Data.Common;

namespace WorkflowEngine.Storage.Tests;

/// <summary>What a workspace is told to be: drafts, templates, connections, deployment versions, keys, tokens, audit.</summary>
public abstract class WorkspaceContract : StoreContract
{
    private const string Secret = "canary-7f3a9c";

    private static Draft DraftOf(string text, string workspace = "default") =>
        new() { Workspace = workspace, Id = "d1", Title = "First", Files = [new StoredFile("flow.yaml", text)], UpdatedAt = Noon, UpdatedBy = "dana" };

    [Fact]
    public async Task A_draft_is_saved_only_over_the_revision_that_was_read()
    {
        Assert.True(await Stores.Drafts.SaveAsync(DraftOf("a"), null, None));
        Assert.False(await Stores.Drafts.SaveAsync(DraftOf("b"), null, None));
        Assert.True(await Stores.Drafts.SaveAsync(DraftOf("c") with { UpdatedAt = Noon.AddMinutes(1) }, 1, None));
        Assert.False(await Stores.Drafts.SaveAsync(DraftOf("d"), 1, None));
        var found = (await Stores.Drafts.FindAsync("default", "d1", None))!;
        Assert.Equal((2L, "c", Noon, Noon.AddMinutes(1)), (found.Revision, found.Files.Single().Content, found.CreatedAt, found.UpdatedAt));
        Assert.False(await Stores.Drafts.DeleteAsync("default", "d1", 1, None));
        Assert.True(await Stores.Drafts.DeleteAsync("default", "d1", 2, None));
        Assert.Null(await Stores.Drafts.FindAsync("default", "d1", None));
    }

    [Fact]
    public async Task Of_two_who_save_the_same_revision_at_once_one_wins()
    {
        await Stores.Drafts.SaveAsync(DraftOf("a"), null, None);
        var saves = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Stores.Drafts.SaveAsync(DraftOf($"by {i}"), 1, None)));
        Assert.Equal(1, saves.Count(saved => saved));
    }

    [Fact]
    public async Task A_workspace_sees_nothing_of_another()
    {
        await Stores.Drafts.SaveAsync(DraftOf("a", "other"), null, None);
        await Stores.Templates.AddAsync(Template("h1") with { Workspace = "other" }, None);
        await Stores.Connections.SaveAsync(Connection("other"), 0, None);
        await Stores.DeploymentVersions.AddAsync(Version() with { Workspace = "other" }, 0, None);
        await Stores.AccessKeys.AddAsync(AccessKeyOf("k1") with { Workspace = "other" }, None);
        await Stores.Audit.AddAsync(Entry("x") with { Workspace = "other" }, None);
        Assert.Empty(await Stores.Drafts.ListAsync("default", null, 10, None));
        Assert.Null(await Stores.Drafts.FindAsync("default", "d1", None));
        Assert.Empty(await Stores.Templates.ListAsync("default", null, None));
        Assert.Empty(await Stores.Connections.ReadAsync("default", None));
        Assert.Empty(await Stores.DeploymentVersions.ListAsync("default", "customers", None));
        Assert.Empty(await Stores.AccessKeys.ListAsync("default", None));
        Assert.Empty(await Stores.Audit.ListAsync("default", null, null, 10, None));
        Assert.False(await Stores.AccessKeys.EndAsync("default", "k1", Noon, revoke: true, None));
    }

    [Fact]
    public async Task The_same_files_twice_are_one_template_version()
    {
        Assert.Equal(TemplateTake.Added, await Stores.Templates.AddAsync(Template("h1"), None));
        Assert.Equal(TemplateTake.Unchanged, await Stores.Templates.AddAsync(Template("h1"), None));
        Assert.Equal(TemplateTake.Added, await Stores.Templates.AddAsync(Template("h2"), None));
        Assert.Equal([(1, "h1"), (2, "h2")], (await Stores.Templates.ListAsync("default", "t", None)).Select(v => (v.Number, v.Hash)));
        Assert.Equal("flow: t", (await Stores.Templates.FindAsync("default", "t", "h1", None))!.Files.Single().Content);
    }

    [Fact]
    public async Task An_older_version_handed_in_again_is_the_newest_and_what_is_only_kept_never_is()
    {
        foreach (var hash in new[] { "h1", "h2" }) await Stores.Templates.AddAsync(Template(hash), None);
        Assert.Equal(TemplateTake.Added, await Stores.Templates.AddAsync(Template("h3") with { CreatedBy = TemplateVersion.KeptBy }, None));
        Assert.Equal(TemplateTake.Unchanged, await Stores.Templates.AddAsync(Template("h2"), None));
        Assert.Equal(TemplateTake.Unchanged, await Stores.Templates.AddAsync(Template("h1") with { CreatedBy = TemplateVersion.KeptBy }, None));

        Assert.Equal(TemplateTake.Again, await Stores.Templates.AddAsync(Template("h1") with { Note = "back", CreatedBy = "kim" }, None));
        Assert.Equal(TemplateTake.Again, await Stores.Templates.AddAsync(Template("h3"), None));
        var versions = await Stores.Templates.ListAsync("default", "t", None);
        Assert.Equal(["h2", "h1", "h3"], versions.Select(v => v.Hash));
        Assert.Equal(("back", "kim"), (versions[1].Note, versions[1].CreatedBy));
    }

    [Fact]
    public async Task Secrets_of_a_connection_come_back_after_a_restart_and_stand_nowhere_in_the_database()
    {
        Assert.True(await Stores.Connections.SaveAsync(Connection("default"), 0, None));
        Assert.False(await Stores.Connections.SaveAsync(Connection("default"), 0, None));
        await Fixture.RestartAsync();
        Assert.Equal(Secret, (await Stores.Connections.ReadAsync(null, None)).Single().Secrets["password"]);
        var raw = await Fixture.RawTextAsync();
        Assert.Contains("tenant-42", raw, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, raw, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(Secret)), raw, StringComparison.OrdinalIgnoreCase);
        Assert.True(await Stores.Connections.DeleteAsync("default", "org", None));
        Assert.Empty(await Stores.Connections.ReadAsync(null, None));
    }

    [Fact]
    public async Task Secrets_moved_to_another_connection_do_not_open()
    {
        await Stores.Connections.SaveAsync(Connection("default"), 0, None);
        await Fixture.ExecuteAsync("UPDATE connection SET name = 'thief'");
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => Stores.Connections.ReadAsync("default", None));
    }

    [Fact]
    public async Task A_deployment_version_is_added_only_behind_the_one_that_was_judged()
    {
        Assert.Equal(1, (await Stores.DeploymentVersions.AddAsync(Version(), 0, None))!.Number);
        Assert.Null(await Stores.DeploymentVersions.AddAsync(Version(), 0, None));
        Assert.Equal(2, (await Stores.DeploymentVersions.AddAsync(Version() with { TemplateHash = "h2" }, 1, None))!.Number);
        Assert.Equal([2, 1], (await Stores.DeploymentVersions.ListAsync("default", "customers", None)).Select(v => v.Number));
        await Stores.DeploymentVersions.AddAsync(Version() with { Workspace = "other" }, 0, None);
        Assert.Equal([("default", 2), ("other", 1)], (await Stores.DeploymentVersions.ReadCurrentAsync(None)).Select(v => (v.Workspace, v.Number)));
        await Stores.DeploymentVersions.DeleteAsync("default", "customers", None);
        Assert.Equal("other", (await Stores.DeploymentVersions.ReadCurrentAsync(None)).Single().Workspace);
    }

    [Fact]
    public async Task A_key_is_found_by_its_public_part_and_ends_once()
    {
        Assert.False(await Stores.AccessKeys.AnyAsync(None));
        await Stores.AccessKeys.AddAsync(AccessKeyOf("k1"), None);
        Assert.Equal("admin", (await Stores.AccessKeys.FindAsync("k1", None))!.Role);
        Assert.Null(await Stores.AccessKeys.FindAsync("k2", None));
        Assert.True(await Stores.AccessKeys.EndAsync("default", "k1", Noon.AddDays(1), revoke: false, None));
        Assert.True(await Stores.AccessKeys.EndAsync("default", "k1", Noon, revoke: true, None));
        Assert.False(await Stores.AccessKeys.EndAsync("default", "k1", Noon, revoke: true, None));
        var key = (await Stores.AccessKeys.FindAsync("k1", None))!;
        Assert.Equal((Noon.AddDays(1), Noon), (key.ExpiresAt, key.RevokedAt));
    }

    [Fact]
    public async Task Two_hook_tokens_hold_at_once_until_one_is_deleted()
    {
        var first = new HookToken("default", "orders", Guid.NewGuid(), [1, 2], Noon, "dana", null);
        var second = new HookToken("default", "orders", Guid.NewGuid(), [3, 4], Noon.AddDays(1), "dana", Noon.AddDays(9));
        await Stores.HookTokens.AddAsync(first, None);
        await Stores.HookTokens.AddAsync(second, None);
        Assert.Equal([first.Id, second.Id], (await Stores.HookTokens.ReadAsync(null, None)).Select(t => t.Id));
        Assert.False(await Stores.HookTokens.DeleteAsync("other", first.Id, None));
        Assert.True(await Stores.HookTokens.DeleteAsync("default", first.Id, None));
        Assert.Equal(Noon.AddDays(9), (await Stores.HookTokens.ReadAsync("default", None)).Single().ExpiresAt);
    }

    [Fact]
    public async Task Audit_rows_are_listed_newest_first_and_the_database_refuses_to_change_them()
    {
        await Stores.Audit.AddAsync(Entry("a"), None);
        await Stores.Audit.AddAsync(Entry("b"), None);
        await Stores.Audit.AddAsync(Entry("a") with { After = "{}" }, None);
        var all = await Stores.Audit.ListAsync("default", null, null, 10, None);
        Assert.Equal(["a", "b", "a"], all.Select(e => e.Target));
        Assert.Equal(["b", "a"], (await Stores.Audit.ListAsync("default", null, all[0].Id, 10, None)).Select(e => e.Target));
        Assert.Equal(2, (await Stores.Audit.ListAsync("default", "a", null, 10, None)).Count);
        await Assert.ThrowsAnyAsync<DbException>(() => Fixture.ExecuteAsync("UPDATE audit SET actor = 'nobody'"));
        await Assert.ThrowsAnyAsync<DbException>(() => Fixture.ExecuteAsync("DELETE FROM audit"));
        Assert.Equal(3, await Fixture.CountAsync("audit"));
    }

    private static TemplateVersion Template(string hash) =>
        new() { Workspace = "default", Template = "t", Hash = hash, Files = [new StoredFile("flow.yaml", "flow: t")], CreatedAt = Noon, CreatedBy = "dana" };

    private static StoredConnection Connection(string workspace) => new()
    {
        Workspace = workspace, Name = "org", Connector = "salesforce", Settings = new Dictionary<string, string> { ["tenant"] = "tenant-42" },
        Secrets = new Dictionary<string, string> { ["password"] = Secret }, UpdatedAt = Noon, UpdatedBy = "dana",
    };

    private static DeploymentVersion Version() => new()
    {
        Workspace = "default", Name = "customers", Template = "t", TemplateHash = "h1", Specification = "{}", CreatedAt = Noon, CreatedBy = "dana",
    };

    private static AccessKey AccessKeyOf(string id) => new() { Workspace = "default", Id = id, Name = "ci", Hash = [9], Role = "admin", CreatedAt = Noon, CreatedBy = "dana" };

    private static AuditEntry Entry(string target) => new() { Workspace = "default", At = Noon, Actor = "dana", Action = "deployment.put", Target = target, RequestId = "r" };
}
