using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteDatabaseTests : DatabaseContract
{
    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var path = Path.Combine(Path.GetDirectoryName(((SqliteFixture)Fixture).Path)!, "notes.db");
        var text = string.Concat(Enumerable.Repeat("these are my notes, not a database\n", 100));
        await File.WriteAllTextAsync(path, text);
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync(path));
        Assert.Equal(StorageProblemKind.Unreadable, problem.Kind);
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_file_is_refused()
    {
        var path = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(((SqliteFixture)Fixture).Path)!, "folder.db")).FullName;
        Assert.Equal(StorageProblemKind.Unreachable, (await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync(path))).Kind);
    }

    [Fact]
    public async Task A_second_opening_is_refused_while_the_first_lasts()
    {
        var path = ((SqliteFixture)Fixture).Path;
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync(path));
        Assert.Equal(StorageProblemKind.InUse, problem.Kind);
        await Fixture.RestartAsync();
        Assert.Single(await AcceptAsync(Event("a")));
    }

    [Fact]
    public async Task The_file_is_private_to_its_owner()
    {
        await AcceptAsync(Event("a"));
        if (OperatingSystem.IsWindows()) return;
        var shared = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var end in (string[])["", "-wal", "-shm"]) Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(((SqliteFixture)Fixture).Path + end) & shared);
    }

    [Fact]
    public async Task After_an_orderly_end_all_of_it_stands_in_the_one_file()
    {
        await AcceptAsync(Event("a"));
        var path = ((SqliteFixture)Fixture).Path;
        await Stores.DisposeAsync();
        Assert.False(File.Exists(path + "-wal"));
        var copy = Path.Combine(Path.GetDirectoryName(path)!, "copy.db");
        File.Copy(path, copy);
        await using var stores = await OpenAsync(copy);
        Assert.Single(await stores.Inbox.CountAsync(CancellationToken.None));
    }

    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();

    private static Task<EngineStores> OpenAsync(string path) => SqliteStorage.OpenAsync(new StorageOptions { Path = path, MasterKey = StoreFixture.MasterKey });
}
