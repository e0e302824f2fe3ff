using System.Net;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>The general read: any entity whose catalogue file says where its list is and what it can be filtered by.</summary>
internal sealed class ReadRecords : IReadOperation
{
    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        var outcome = new ReadPlanner(session, access, batch).Plan();
        if (outcome.Error is { } unplanned) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, unplanned, 0);
        var plan = outcome.Value!;
        var inactive = ReadPlanner.WantsInactive(access, batch);
        if (plan.PerAsker.Count > 0) return await PerAskerAsync(session, access, batch, plan, inactive, cancellationToken).ConfigureAwait(false);

        var (rows, calls) = plan.Whole is { } ids ? await session.WholeLists.ReadAsync(access, ids, batch.Priority, cancellationToken).ConfigureAwait(false)
            : plan.Single.Count > 0 ? await SingleAsync(session, access, plan.Single, batch.Priority, cancellationToken).ConfigureAwait(false)
            : await SharedAsync(session, access, batch, plan.Shared, cancellationToken).ConfigureAwait(false);
        if (rows.Error is { } error) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, error, calls);
        var shown = Distinct(access, rows.Value!).Where(row => access.Shows(row, inactive)).ToList();
        return new BatchAnswer<ReadRows> { Items = [.. RowDistribution.Give(access.Evaluator, batch, shown)], Calls = calls };
    }

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> SharedAsync(Session session, EntityAccess access, ReadBatch batch, IReadOnlyList<ListCall> plan, CancellationToken cancellationToken)
    {
        var answers = await Answers.EachAsync(plan, call => CallAsync(session, access, call, batch.Priority, null, cancellationToken)).ConfigureAwait(false);
        return Joined(answers);
    }

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> SingleAsync(Session session, EntityAccess access, IReadOnlyList<string> ids, CallPriority priority, CancellationToken cancellationToken)
    {
        var answers = await Answers.EachAsync(ids, async id => (Rows: await OneAsync(session, access, id, priority, cancellationToken).ConfigureAwait(false), Calls: 1)).ConfigureAwait(false);
        return Joined(answers);
    }

    /// <summary>One record by its id; no row when it does not exist.</summary>
    public static Task<Outcome<List<IReadOnlyDictionary<string, object?>>>> OneAsync(Session session, EntityAccess access, string id, CallPriority priority, CancellationToken cancellationToken) =>
        session.Caller.SendAsync(
            CallPurpose.Read,
            token => session.Api.GetAsync($"{session.Path(access.Wire.Path)}/{id}", access.Wire.GetExternal ? session.Query(access) : new Dictionary<string, string>(), priority, token),
            answer => answer.Status == HttpStatusCode.NotFound ? Missing(answer) : Row(access, answer),
            cancellationToken,
            status => status == HttpStatusCode.NotFound);

    private static Outcome<List<IReadOnlyDictionary<string, object?>>> Row(EntityAccess access, RemoteAnswer answer) =>
        new List<IReadOnlyDictionary<string, object?>> { access.ReadBody(answer.Body.Span) };

    private static Outcome<List<IReadOnlyDictionary<string, object?>>> Missing(RemoteAnswer answer) =>
        ServiceTitanErrors.Read(answer, CallPurpose.Read) is { Kind: ErrorKind.Misconfigured } notPublished ? notPublished : new List<IReadOnlyDictionary<string, object?>>();

    private static async Task<BatchAnswer<ReadRows>> PerAskerAsync(Session session, EntityAccess access, ReadBatch batch, ReadPlan plan, bool inactive, CancellationToken cancellationToken)
    {
        // Askers with the same filters share the call; the first asker's condition decides when enough was read, so sharing needs all pages.
        var distinct = plan.PerAsker.SelectMany((calls, asker) => calls.Select(call => (call, asker))).GroupBy(p => p.call.Key).ToList();
        var answers = await Answers.EachAsync(distinct, async group =>
        {
            var asker = group.Select(p => p.asker).Distinct().Count() == 1 ? group.First().asker : -1;
            return (group.Key, Answer: await CallAsync(session, access, group.First().call, batch.Priority, asker < 0 ? null : Enough(access, batch, asker, inactive), cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
        var byKey = answers.ToDictionary(a => a.Key, a => a.Answer);
        var items = new Outcome<ReadRows>[batch.Conditions.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var (rows, _) = Joined([.. plan.PerAsker[i].Select(call => byKey[call.Key])]);
            if (rows.Error is { } error)
            {
                items[i] = error;
                continue;
            }

            var shown = Distinct(access, rows.Value!).Where(row => access.Shows(row, inactive)).ToList();
            items[i] = RowDistribution.Give(access.Evaluator, batch with { Conditions = [batch.Conditions[i]] }, shown)[0];
        }

        return new BatchAnswer<ReadRows> { Items = items, Calls = answers.Sum(a => a.Answer.Calls) };
    }

    // Without an order of ours the vendor's is good enough to stop at the cap.
    private static Func<List<IReadOnlyDictionary<string, object?>>, bool>? Enough(EntityAccess access, ReadBatch batch, int asker, bool inactive)
    {
        if (batch.OrderBy.Count > 1 || (batch.OrderBy is [var term] && !access.Wire.Sort.Contains(term.Path))) return null;
        var meets = access.Evaluator.Prepare(batch.Conditions[asker]);
        return rows => rows.Count(row => access.Shows(row, inactive) && meets(row)) > batch.RowCap;
    }

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> CallAsync(
        Session session, EntityAccess access, ListCall call, CallPriority priority, Func<List<IReadOnlyDictionary<string, object?>>, bool>? enough, CancellationToken cancellationToken)
    {
        OperationError? ignored = null;
        var (rows, calls, more) = await session.Lists.ReadAsync(
            session.Path(access.Wire.Path), call.Query, access.ReadRow, call.PageSize, priority,
            // An ignored filter would bring the whole list: noticed on the first page.
            read => (ignored = Ignored(access, call, read, hasMore: true)) is not null || enough?.Invoke(read) == true, cancellationToken).ConfigureAwait(false);
        if (rows.Succeeded && (ignored ?? Ignored(access, call, rows.Value, more)) is { } error) return (error, calls);
        return (rows, calls);
    }

    // ServiceTitan ignores parameters it does not know and answers everything with 200.
    private static OperationError? Ignored(EntityAccess access, ListCall call, List<IReadOnlyDictionary<string, object?>> rows, bool hasMore)
    {
        foreach (var (condition, loose) in call.Sent)
        {
            var meets = access.Evaluator.Prepare(condition);
            var wrong = rows.Count(row => !meets(row));
            // A loose filter brings neighbours; only a full page of strangers means it was not applied.
            if (loose ? hasMore && wrong == rows.Count && rows.Count >= call.PageSize : wrong > 0)
            {
                return new OperationError(ErrorKind.Misconfigured, "ignoredFilter", $"ServiceTitan ignored the filter on {access.Entity.Name}.{condition.Path}: rows came back that do not meet it.") { Fields = [condition.Path] };
            }
        }

        return null;
    }

    private static (Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls) Joined(IReadOnlyList<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> answers)
    {
        var calls = answers.Sum(a => a.Calls);
        foreach (var answer in answers)
        {
            if (answer.Rows.Error is { } error) return (error, calls);
        }

        return (answers.Count == 1 ? answers[0].Rows : answers.SelectMany(a => a.Rows.Value!).ToList(), calls);
    }

    // Paging over a moving list may repeat a row; the later reading counts.
    private static IEnumerable<IReadOnlyDictionary<string, object?>> Distinct(EntityAccess access, List<IReadOnlyDictionary<string, object?>> rows)
    {
        var byId = new Dictionary<string, IReadOnlyDictionary<string, object?>>(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            byId[(string)row[access.Entity.IdField]!] = row;
        }

        return byId.Values;
    }
}
