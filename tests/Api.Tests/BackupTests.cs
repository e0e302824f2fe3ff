using Microsoft.Data.Sqlite;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api.Tests;

/// <summary>A backup made while the engine runs is a whole one; without its key it is worth nothing.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task An_online_backup_is_restored_with_its_key_and_refused_without_it()
    {
        var folder = Directory.CreateTempSubdirectory("flow-backup-").FullName;
        var copy = Path.Combine(folder, "flow.db");
        await using (var world = await ApiWorld.StartAsync())
        {
            (await world.HookAsync("""{ "id": "b1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
            (await world.HookAsync($$"""{ "id": "b2", "name": "{{new string('n', 300)}}" }""")).EnsureSuccessStatusCode().Dispose();
            await world.UntilAsync("/api/runs", r => r.GetArrayLength() == 2);
            await using var from = new SqliteConnection($"Data Source={world.Database};Pooling=False");
            await using var to = new SqliteConnection($"Data Source={copy};Pooling=False");
            await from.OpenAsync();
            await to.OpenAsync();
            from.BackupDatabase(to);
            File.Copy(Path.ChangeExtension(world.Database, ".key"), Path.ChangeExtension(copy, ".key"));
        }

        var options = new FlowHostOptions { Connectors = ApiWorld.Connectors, Database = copy };
        await using (var host = await FlowHost.OpenAsync(options, default))
        {
            Assert.Equal(2, (await host.View.Runs.ListAsync(new Runtime.RunFilter { Workspace = "default" }, default)).Count);
            var letter = (await host.View.DeadLetters.ListAsync(new Runtime.DeadLetterFilter { Workspace = "default" }, default)).Single();
            Assert.NotEmpty((await host.View.DeadLetters.FindAsync("default", letter.Id, default))!.Content.Payload);
        }

        File.Delete(Path.ChangeExtension(copy, ".key"));
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => FlowHost.OpenAsync(options, default));
        Assert.Equal(StorageProblemKind.MasterKey, problem.Kind);
        Directory.Delete(folder, recursive: true);
    }
}
