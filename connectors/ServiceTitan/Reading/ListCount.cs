using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>How many records a list has, as the vendor counts them (<c>includeTotal</c>): all of them, or all that changed since a time. Nothing else is counted there, and nothing is summed.</summary>
internal static class ListCount
{
    /// <summary>What the list is asked; null when the vendor cannot say what is wanted.</summary>
    public static IReadOnlyDictionary<string, string>? Query(Session session, EntityAccess access, AggregateBatch batch)
    {
        var wire = access.Wire;
        // Rows that are left out afterwards, children inside of other records and lists that are no pages have no such number.
        if (batch is not { Conditions: [var condition], GroupBy: [], Columns: [], IncludeInactive: true } || wire.Whole || wire.Within is not null || wire.Path.Replace("{tenant}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal)) return null;
        var query = session.Query(access);
        if (wire.Active is { } active) query[active] = ReadPlanner.AllRows(active);
        foreach (var part in condition is AllOf all ? all.Parts : [condition])
        {
            if (part is not FieldCondition { Operator: Comparison.GreaterOrEqual, Values: [DateTimeOffset since] } one || one.Path != access.Entity.VersionField) return null;
            if (wire.Filters.GetValueOrDefault(one.Path)?.Gte is not { } parameter || !query.TryAdd(parameter, WireTime.Text(since))) return null;
        }

        query["page"] = "1";
        query["pageSize"] = "1";
        query["includeTotal"] = "true";
        return query;
    }

    /// <summary>The number; an error where the list does not tell it.</summary>
    public static async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, IReadOnlyDictionary<string, string> query, CallPriority priority, CancellationToken cancellationToken)
    {
        var counted = await session.Caller.SendAsync(
            CallPurpose.Read, cancelled => session.Api.GetAsync(session.Path(access.Wire.Path), new Dictionary<string, string>(query), priority, cancelled), answer => Total(access, answer), cancellationToken).ConfigureAwait(false);
        if (counted.Error is { } error) return Answers.SharedFailure<ReadRows>(1, error, 1);
        return new BatchAnswer<ReadRows> { Items = [new ReadRows([new Dictionary<string, object?> { ["count"] = counted.Value }])], Calls = 1 };
    }

    private static Outcome<long> Total(EntityAccess access, RemoteAnswer answer)
    {
        using var list = JsonDocument.Parse(answer.Body);
        return list.RootElement.ValueKind == JsonValueKind.Object && list.RootElement.TryGetProperty("totalCount", out var total) && total.ValueKind == JsonValueKind.Number && total.TryGetInt64(out var count) && count >= 0
            ? count
            : new OperationError(ErrorKind.Misconfigured, "notSupported", $"ServiceTitan did not say how many records of {access.Entity.Name} there are.");
    }
}
