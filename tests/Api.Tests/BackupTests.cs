using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;
using WorkflowEngine.Storage.Tests;

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

    [Fact]
    public async Task A_dump_of_postgresql_made_while_the_engine_runs_is_restored_into_another_database_with_its_key_and_refused_without_it()
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync());
        var (from, to) = ($"flow_{Guid.NewGuid():N}", $"flow_{Guid.NewGuid():N}");
        var folder = Directory.CreateTempSubdirectory("flow-backup-").FullName;
        var key = Path.Combine(folder, "flow.key");
        foreach (var name in new[] { from, to }) await ToolAsync("createdb", server, name);
        await using (var world = await ApiWorld.StartAsync(database: Address(from), key: key))
        {
            (await world.HookAsync("""{ "id": "b1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
            (await world.HookAsync($$"""{ "id": "b2", "name": "{{new string('n', 300)}}" }""")).EnsureSuccessStatusCode().Dispose();
            await world.UntilAsync("/api/runs", r => r.GetArrayLength() == 2);
            await world.Host.Runtime.WaitIdleAsync(default);
            await ToolAsync("pg_dump", server, "--format=custom", "--file=" + Path.Combine(folder, "dump"), from);
        }

        await ToolAsync("pg_restore", server, "--dbname=" + to, "--no-owner", Path.Combine(folder, "dump"));
        var options = new FlowHostOptions { Connectors = ApiWorld.Connectors, Database = Address(to), KeyFile = key };
        await using (var host = await FlowHost.OpenAsync(options, default))
        {
            Assert.Equal(2, (await host.View.Runs.ListAsync(new Runtime.RunFilter { Workspace = "default" }, default)).Count);
            var letter = (await host.View.DeadLetters.ListAsync(new Runtime.DeadLetterFilter { Workspace = "default" }, default)).Single();
            Assert.NotEmpty((await host.View.DeadLetters.FindAsync("default", letter.Id, default))!.Content.Payload);
        }

        File.Delete(key);
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => FlowHost.OpenAsync(options, default));
        Assert.Equal(StorageProblemKind.MasterKey, problem.Kind);
        NpgsqlConnection.ClearAllPools();
        foreach (var name in new[] { from, to }) await ToolAsync("dropdb", server, "--force", name);
        Directory.Delete(folder, recursive: true);

        string Address(string database) => "postgres:" + new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString;
    }

    /// <summary>A program of PostgreSQL itself, as an operator would call it.</summary>
    private static async Task ToolAsync(string program, NpgsqlConnectionStringBuilder server, params string[] arguments)
    {
        var path = Directory.GetDirectories("/usr/lib/postgresql").Select(f => Path.Combine(f, "bin", program)).LastOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"PostgreSQL's {program} is not installed.");
        string[] where = ["--host=" + server.Host, "--port=" + server.Port, "--username=" + server.Username];
        using var process = Process.Start(new ProcessStartInfo(path!, [.. where, .. arguments]) { RedirectStandardError = true, Environment = { ["PGPASSWORD"] = server.Password ?? "" } })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
    }
}
