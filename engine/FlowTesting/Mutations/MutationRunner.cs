using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>Puts one mistake after the other into flows and sees whether their tests, or the check, notice.</summary>
public static class MutationRunner
{
    /// <summary>Tries every mutant of every flow that has tests beside it.</summary>
    /// <param name="files">Flow files with all that belongs to them, and their tests.</param>
    /// <param name="done">Told of each mutant as its fate is known, one at a time; null = nobody.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<MutationReport> RunAsync(IReadOnlyList<SourceText> files, Action<MutationResult>? done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        var tests = await FlowTestRunner.RunAsync(files, new FlowTestOptions(), cancellationToken).ConfigureAwait(false);
        if (!tests.Succeeded || tests.Tests.Count == 0) return new MutationReport(tests, []);
        using var ground = await SharedGround.MakeAsync(
            new FlowHostOptions { Connectors = FlowTestRunner.Connectors, Database = "", Environment = static _ => null }, cancellationToken).ConfigureAwait(false);
        var bundle = FlowBundle.Compile(files, [.. FlowTestRunner.Connectors.Select(c => c.Descriptor)]);
        var results = new List<MutationResult>();
        foreach (var folder in bundle.Tests.Select(t => Path.GetDirectoryName(t.Source.Path) ?? "").Distinct(StringComparer.Ordinal))
        {
            var template = new MutatedTemplate([.. files.Where(f => IsBelow(f.Path, folder))], ground);
            var mutants = bundle.Flows.Where(f => Path.GetDirectoryName(f.Definition.Source.Path) == folder)
                .SelectMany(f => MutantFinder.Of(f.Definition).Select(m => (f.Template, Mutant: m))).ToList();
            var fates = new MutationResult[mutants.Count];
            var telling = new Lock();
            await Parallel.ForEachAsync(Enumerable.Range(0, mutants.Count), cancellationToken, async (i, cancel) =>
            {
                var (name, mutant) = mutants[i];
                var (fate, by) = await template.TryAsync(mutant, cancel).ConfigureAwait(false);
                fates[i] = new MutationResult(name, mutant.Source.Path, mutant.Line, mutant.What, fate, by);
                lock (telling) done?.Invoke(fates[i]);
            }).ConfigureAwait(false);
            results.AddRange(fates);
        }

        return new MutationReport(tests, results);
    }

    private static bool IsBelow(string path, string folder)
    {
        var own = Path.GetDirectoryName(path) ?? "";
        return own == folder || own.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || own.StartsWith(folder + '/', StringComparison.Ordinal);
    }

    /// <summary>The files of one template, and which of its tests see most: they are asked first.</summary>
    private sealed class MutatedTemplate(IReadOnlyList<SourceText> files, SharedGround ground)
    {
        private readonly ConcurrentDictionary<string, int> _kills = new(StringComparer.Ordinal);

        public async Task<(MutantFate Fate, string? By)> TryAsync(Mutant mutant, CancellationToken cancellationToken)
        {
            var changed = mutant.Changed();
            List<SourceText> all = [.. files.Select(f => f.Path == changed.Path ? changed : f)];
            var bundle = FlowBundle.Compile(all, [.. FlowTestRunner.Connectors.Select(c => c.Descriptor)]);
            if (bundle.Diagnostics.Any(d => d.IsError)) return (MutantFate.Refused, null);
            var runs = new List<(string Name, FlowTestRun Run)>();
            foreach (var tests in bundle.Tests)
            {
                var flow = bundle.Flows.First(f => f.Definition.Flow.Value == tests.Flow.Value && FlowTestRunner.SameFolder(f, tests));
                var bench = FlowTestRunner.Bench(flow.Template, [.. bundle.Flows.Where(f => f.Template == flow.Template && FlowTestRunner.SameFolder(f, tests))], bundle, ground, NullLoggerFactory.Instance);
                if (TestFiles.Read(tests, bench, all, []) is not { } read) return (MutantFate.Refused, null);
                runs.AddRange(tests.Tests.Select(t => (t.Name.Value, new FlowTestRun(bench, read, t, null, new FlowTestTrouble()))));
            }

            foreach (var (name, run) in runs.OrderByDescending(r => _kills.GetValueOrDefault(r.Name)))
            {
                if ((await run.RunAsync(cancellationToken).ConfigureAwait(false)).Count == 0) continue;
                _kills.AddOrUpdate(name, 1, static (_, kills) => kills + 1);
                return (MutantFate.Killed, name);
            }

            return (MutantFate.Survived, null);
        }
    }
}
