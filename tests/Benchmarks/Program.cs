using System.Diagnostics;
using WorkflowEngine.Benchmarks;
using WorkflowEngine.Benchmarks.Compiler;
using WorkflowEngine.Benchmarks.Expressions;
using WorkflowEngine.Benchmarks.Growth;

return args switch
{
    ["expressions", ..] => ExpressionBenchmark.Run(Console.Out),
    ["compiler", ..] => CompilerBenchmark.Run(Console.Out),
    ["inbox", .. var rest] => await InboxBenchmark.RunAsync(rest),
    ["growth", .. var rest] => await GrowthBenchmark.RunAsync(rest),
    ["w1", ..] => await CustomerSyncAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: expressions, compiler, inbox, growth or w1; tests/Benchmarks/README.md tells what each measures.");
    return 2;
}

// A shell script, because it measures whole processes: ours, the baselines and the upstream.
static async Task<int> CustomerSyncAsync()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent;
    if (folder is null)
    {
        Console.Error.WriteLine("The repository was not found above the program; run tests/Benchmarks/w1/run.sh from a checkout.");
        return 2;
    }

    using var run = Process.Start("bash", [Path.Combine(folder.FullName, "tests", "Benchmarks", "w1", "run.sh")]);
    await run.WaitForExitAsync();
    return run.ExitCode;
}
