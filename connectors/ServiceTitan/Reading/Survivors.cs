using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>
/// Who a merged record lives on as. ServiceTitan names the next one only (<c>mergedToId</c>), and that one may have been merged as well: the chain is followed to its end.
/// </summary>
internal static class Survivors
{
    private const string Next = "mergedToId";
    private const string Field = "survivorId";
    private const int MostAtOnce = 50;
    private const int LongestChain = 25;

    public static bool Wanted(ReadBatch batch) => batch.Fields.Count == 0 || batch.Fields.Contains(Field);

    /// <summary>A record that was not merged survives as itself; of others it is not known yet.</summary>
    public static bool Itself(IReadOnlyDictionary<string, object?> record)
    {
        if (record.GetValueOrDefault(Next) is not null) return false;
        if (record is Dictionary<string, object?> own) own[Field] = record.GetValueOrDefault("id");
        return true;
    }

    public static async Task<BatchAnswer<ReadRows>> FillAsync(Session session, EntityAccess access, BatchAnswer<ReadRows> answer, CallPriority priority, CancellationToken cancellationToken)
    {
        var merged = answer.Items.Where(i => i.Succeeded).SelectMany(i => i.Value!.Rows).Where(r => !Itself(r)).ToList();
        if (merged.Count == 0) return answer;
        var known = merged.Where(r => r.GetValueOrDefault("id") is string).DistinctBy(r => (string)r["id"]!).ToDictionary(r => (string)r["id"]!, r => r[Next] as string);
        var calls = answer.Calls;
        for (var step = 0; step < LongestChain; step++)
        {
            var open = known.Values.OfType<string>().Where(id => !known.ContainsKey(id)).Distinct().ToList();
            if (open.Count == 0) break;
            foreach (var chunk in open.Chunk(MostAtOnce))
            {
                var query = new Dictionary<string, string> { ["ids"] = string.Join(',', chunk), ["active"] = "Any" };
                var (rows, made, _) = await session.Lists.ReadAsync(session.Path(access.Wire.Path), query, access.ReadRow, MostAtOnce, priority, null, cancellationToken).ConfigureAwait(false);
                calls += made;
                if (rows.Error is { } error) return Answers.SharedFailure<ReadRows>(answer.Items.Count, error, calls);
                // One that cannot be read ends the chain: it is the last that is known.
                foreach (var id in chunk) known[id] = null;
                foreach (var row in rows.Value!) known[(string)row["id"]!] = row.GetValueOrDefault(Next) as string;
            }
        }

        foreach (var row in merged)
        {
            if (row is Dictionary<string, object?> own) own[Field] = End(known, (string)row["id"]!);
        }

        return answer with { Calls = calls };
    }

    // A ring has no end: then nobody survives.
    private static string? End(Dictionary<string, string?> known, string id)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Add(id))
        {
            if (known.GetValueOrDefault(id) is not { } next) return id;
            id = next;
        }

        return null;
    }
}
