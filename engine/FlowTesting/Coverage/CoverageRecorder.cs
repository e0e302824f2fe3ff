using System.Collections.Concurrent;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>Sees what is computed: which conditions were true and false, which lines gave a value. Kept by place in the file, over all tests.</summary>
internal sealed class CoverageRecorder
{
    private readonly ConcurrentDictionary<(SourcePlace Place, string Saw), bool> _seen = new();

    public IEvaluator Around(IEvaluator evaluator) => new WatchedEvaluator(this, evaluator);

    public bool Saw(SourcePlace place, string what) => _seen.ContainsKey((place, what));

    /// <summary>A field was sent.</summary>
    public void Wrote(SourcePlace step, string verb, string field) => See(step, $"{verb} {field}");

    private void See(SourcePlace place, string what) => _seen[(place, what)] = true;

    private sealed class WatchedEvaluator(CoverageRecorder recorder, IEvaluator inner) : IEvaluator
    {
        public async ValueTask<Evaluated> EvaluateAsync(PlanMapping mapping, object?[] slots, CancellationToken cancellationToken)
        {
            var result = await inner.EvaluateAsync(mapping, slots, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < result.Values.Length && i < mapping.Places.Count; i++)
            {
                recorder.See(mapping.Places[i], result.Values[i] switch { true => "true", false => "false", null => "null", _ => "value" });
            }

            return result;
        }
    }
}
