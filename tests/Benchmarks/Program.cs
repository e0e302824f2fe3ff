using System.Diagnostics;
using WorkflowEngine.Benchmarks;
using WorkflowEngine.Benchmarks.Backfill;
using WorkflowEngine.Benchmarks.Compiler;
using WorkflowEngine.Benchmarks.Expressions;
using WorkflowEngine.Benchmarks.Growth;

return args switch
{
    ["expressions", ..] => ExpressionBenchmark.Run(Console.Out),
    ["compiler", ..] => CompilerBenchmark.Run(Console.Out),
    ["inbox", .. var rest] => await InboxBenchmark.RunAsync(rest),
    ["growth", .. var rest] => await GrowthBenchmark.RunAsync(rest),
    ["backfill", .. var rest] => await BackfillBenchmark.RunAsync(rest),
    ["w1", ..] => await CustomerSyncAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: expressions, compiler, inbox, growth, backfill or w1; tests/Benchmarks/README.md tells what each measures.");
    return 2;
}

// A shell script, because it measures whole processes: ours, the baselines and the upstream.
static async Task<int> CustomerSyncAsync()
{
    using var run = Process.Start("bash", [Path.Combine(Repository.Folder, "tests", "Benchmarks", "w1", "run.sh")]);
    await run.WaitForExitAsync();
    return run.ExitCode;
}
