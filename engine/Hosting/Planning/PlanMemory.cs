using System.Collections.Concurrent;
using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What was really read for a plan, so that the plan of the edited flow beside it sees the same world and does not ask for it again. Lives as long as one comparison.</summary>
public sealed class PlanMemory
{
    private readonly ConcurrentDictionary<string, Lazy<Task<BatchAnswer<ReadRows>>>> _reads = new(StringComparer.Ordinal);

    /// <summary>The answer of whoever asks first; a failure is not remembered.</summary>
    internal async Task<BatchAnswer<ReadRows>> ReadAsync(string connection, ReadBatch batch, Func<Task<BatchAnswer<ReadRows>>> read)
    {
        var key = Key(connection, batch);
        var asked = _reads.GetOrAdd(key, _ => new Lazy<Task<BatchAnswer<ReadRows>>>(read));
        try
        {
            var answer = await asked.Value.ConfigureAwait(false);
            if (answer.CallError is not null || answer.Items.Any(i => !i.Succeeded)) _reads.TryRemove(key, out _);
            return answer;
        }
        catch
        {
            _reads.TryRemove(key, out _);
            throw;
        }
    }

    private static string Key(string connection, ReadBatch batch) => string.Join(
        '\n',
        [
            connection, batch.Entity, string.Join(',', batch.Fields), string.Join(',', batch.OrderBy.Select(o => o.Descending ? "-" + o.Path : o.Path)),
            string.Create(CultureInfo.InvariantCulture, $"{batch.RowCap} {batch.IncludeInactive} {batch.Deleted}"), .. batch.Conditions.Select(c => ConditionText.Of(c)).SelectMany(t => new[] { t.Shape, t.Whole }),
        ]);
}
