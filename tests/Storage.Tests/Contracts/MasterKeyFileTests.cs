namespace WorkflowEngine.Storage.Tests;

public sealed class MasterKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("master-key-").FullName;

    private string File => Path.Combine(_folder, "sub", "engine.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_for_its_owner_only()
    {
        var key = MasterKeyFile.LoadOrCreate(File);
        Assert.Equal(32, key.Length);
        Assert.Equal(key, MasterKeyFile.LoadOrCreate(File));
        Assert.NotEqual(key, MasterKeyFile.LoadOrCreate(Path.Combine(_folder, "second.key")));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "sub")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void A_file_that_holds_no_key_is_refused_and_its_content_not_told()
    {
        MasterKeyFile.LoadOrCreate(File);
        System.IO.File.WriteAllText(File, "c2hvcnQ=");
        var problem = Assert.Throws<StorageProblemException>(() => MasterKeyFile.LoadOrCreate(File));
        Assert.Equal(StorageProblemKind.MasterKey, problem.Kind);
        Assert.DoesNotContain("c2hvcnQ", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        MasterKeyFile.LoadOrCreate(File);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("0600", Assert.Throws<StorageProblemException>(() => MasterKeyFile.LoadOrCreate(File)).Message, StringComparison.Ordinal);
    }
}
