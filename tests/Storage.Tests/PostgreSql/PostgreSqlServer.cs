using System.Diagnostics;
using WorkflowEngine.Testing;

[assembly: AssemblyFixture(typeof(WorkflowEngine.Storage.Tests.PostgreSqlServer))]

namespace WorkflowEngine.Storage.Tests;

/// <summary>
/// The server the suites run on: the one of WORKFLOW_POSTGRES, else a private cluster made from the installed programs, else the suites are skipped and say why.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    public const string Variable = "WORKFLOW_POSTGRES";

    private static readonly List<Func<Task>> Ends = [];

    private static readonly Lazy<Task<(string? ConnectionString, string Reason)>> Server = new(StartAsync);

    /// <summary>A private cluster, thrown away at the end.</summary>
    public static bool IsOurs => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 };

    public static async Task<string> ConnectionStringAsync()
    {
        var (connectionString, reason) = await Server.Value;
        if (connectionString is null) Assert.Skip(reason);
        return connectionString;
    }

    /// <summary>Done when all tests of the assembly have ended, the latest first.</summary>
    public static void AtEnd(Func<Task> end) => Ends.Insert(0, end);

    public async ValueTask DisposeAsync()
    {
        foreach (var end in Ends) await end();
    }

    private static async Task<(string?, string)> StartAsync()
    {
        if (!IsOurs) return (Environment.GetEnvironmentVariable(Variable), "");
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;
        if (programs is null) return (null, $"PostgreSQL is not installed under /usr/lib/postgresql and {Variable} names no server.");

        var folder = Directory.CreateTempSubdirectory("storage-postgres-").FullName;
        var data = Path.Combine(folder, "data");
        var port = FreePort.Next();

        // The server refuses to run as root.
        var user = Environment.UserName == "root" ? (await RunAsync("id", ["-u", "postgres"])).Code == 0 ? "postgres" : "nobody" : null;
        if (user is not null) await RunAsync("chown", [user, folder]);
        var made = await RunAsync(user, Path.Combine(programs, "initdb"), ["-D", data, "-U", "workflow", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        if (made.Code != 0) return (null, $"A private PostgreSQL cluster could not be made: {made.Output.Trim()}");
        string[] start = ["-D", data, "-w", "-s", "-l", Path.Combine(folder, "log"), "-o", $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300", "start"];
        var started = await RunAsync(user, Path.Combine(programs, "pg_ctl"), start, readAll: false);
        if (started.Code != 0) return (null, $"A private PostgreSQL cluster could not be started: {started.Output.Trim()}");
        AtEnd(() => StopAsync(user, programs, data, folder));
        return ($"Host=127.0.0.1;Port={port};Username=workflow;Database=postgres;Maximum Pool Size=10", "");
    }

    private static async Task StopAsync(string? user, string programs, string data, string folder)
    {
        await RunAsync(user, Path.Combine(programs, "pg_ctl"), ["-D", data, "-m", "immediate", "-w", "stop"]);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The temporary folder of the machine is cleaned by others.
        }
    }

    private static Task<(int Code, string Output)> RunAsync(string? user, string program, string[] arguments, bool readAll = true) =>
        user is null ? RunAsync(program, arguments, readAll) : RunAsync("setpriv", [$"--reuid={user}", $"--regid={(user == "nobody" ? "nogroup" : user)}", "--clear-groups", program, .. arguments], readAll);

    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="readAll">False for a program that leaves a child behind, which keeps the pipes open.</param>
    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, bool readAll = true)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = readAll, RedirectStandardError = readAll, WorkingDirectory = "/" };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var output = readAll ? await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync() : "";
            await process.WaitForExitAsync();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            return (-1, problem.Message);
        }
    }
}
