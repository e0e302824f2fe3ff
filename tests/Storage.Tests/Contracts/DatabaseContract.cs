using System.Security.Cryptography;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>The database as a whole: encryption, versions, refusals.</summary>
public abstract class DatabaseContract : StoreContract
{
    private const string Secret = "Veronica-Sawyer-555-0142";

    [Fact]
    public async Task No_payload_state_or_memory_can_be_read_from_the_raw_database()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Secret);
        var ids = await AcceptAsync(Event("a", Secret) with { Checkpoint = bytes }, Event("b"));
        await CommitAsync(
            new SaveCheckpoint(Key("b"), ids[1], bytes),
            new SaveKeyState(Key("a"), new KeyState { Memory = new Dictionary<string, string> { [Secret] = Secret } }),
            new AddDeadLetter(Samples.Letter("plain-key") with { Payload = bytes, State = bytes }));
        var raw = await Fixture.RawTextAsync();
        Assert.Contains("plain-key", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("Veronica", raw, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(bytes[..8]), raw, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Another_master_key_is_refused_with_a_sentence()
    {
        await AcceptAsync(Event("a"));
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => Fixture.OpenOtherKeyAsync(RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(StorageProblemKind.MasterKey, problem.Kind);
        Assert.Contains("not the one this database was made with", problem.Message, StringComparison.Ordinal);
        var malformed = await Assert.ThrowsAsync<StorageProblemException>(() => Fixture.OpenOtherKeyAsync([1, 2, 3]));
        Assert.Equal(StorageProblemKind.MasterKey, malformed.Kind);
        await Fixture.RestartAsync();
        Assert.Single(await ReadyIdsAsync());
    }

    [Fact]
    public async Task A_value_moved_to_another_row_does_not_open()
    {
        var ids = await AcceptAsync(Event("a", "mine"), Event("b", "yours"));
        await Fixture.ExecuteAsync($"UPDATE event SET payload = (SELECT payload FROM event WHERE id = {ids[0]}) WHERE id = {ids[1]}");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Stores.Inbox.ReadWorkAsync(ids, None));
    }

    [Fact]
    public async Task Each_workspace_has_a_key_of_its_own_that_outlives_the_process()
    {
        var mine = await AcceptAsync(Event("a", "mine"));
        var theirs = await AcceptAsync(Event("a", "theirs", Other));
        await Fixture.RestartAsync();
        var work = await Stores.Inbox.ReadWorkAsync([mine[0], theirs[0]], None);
        Assert.Equal(["mine", "theirs"], work.Select(item => System.Text.Encoding.UTF8.GetString(item.Payload)));
        await Fixture.ExecuteAsync("UPDATE workspace_key SET wrapped_key = (SELECT wrapped_key FROM workspace_key WHERE workspace_id = 'default')");
        await Fixture.CrashAsync();
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Stores.Inbox.ReadWorkAsync(theirs, None));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await AcceptAsync(Event("a"));
        await Fixture.ExecuteAsync(Insert("29991231000000_Future"));
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => Fixture.OpenOtherKeyAsync(StoreFixture.MasterKey));
        Assert.Equal(StorageProblemKind.NewerVersion, problem.Kind);
        Assert.Contains("newer version of the engine", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
        await Fixture.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '29991231000000_Future'");
        await Fixture.RestartAsync();
        Assert.Single(await ReadyIdsAsync());
    }

    [Fact]
    public async Task A_database_of_an_older_version_gets_what_it_lacks_and_keeps_what_it_holds()
    {
        await AcceptAsync(Event("a"));
        await Fixture.ExecuteAsync("ALTER TABLE deployment DROP COLUMN state_revision");
        await Fixture.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" >= (SELECT MAX(\"MigrationId\") FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%StateRevision')");
        await Fixture.RestartAsync();
        Assert.Single(await ReadyIdsAsync());

        // It is there again.
        await Fixture.ExecuteAsync("UPDATE deployment SET state_revision = 0");
    }

    private static string Insert(string migration) => $"INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('{migration}', '99.0.0')";
}
