using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Customers, also by a phone number or e-mail address of theirs: the list filters by phone alone, an e-mail is found through the contact hub.</summary>
internal sealed class ReadCustomers : IReadOperation
{
    private const string ByLine = "contacts.value";
    private const int PageSize = 1000;
    private static readonly RecordReader Methods = new([Text("contactId"), Text("value")]);
    private static readonly RecordReader Relations = new([new FieldDescriptor { Name = "relatedEntityId", Type = FieldType.Of(FieldKind.Id) }, Text("typeSlug")]);
    private readonly ReadRecords _general = new();
    private readonly ReadContactLines _lines = new();

    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        if (!batch.Conditions.Any(c => ReadPlanner.Names(c, ByLine))) return await _general.ReadAsync(session, access, batch, cancellationToken).ConfigureAwait(false);
        if (!batch.Conditions.All(c => RowDistribution.Required(c).Any(r => r.Path == ByLine && r.Operator == Comparison.In)))
        {
            return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, ServiceTitanErrors.NotYet($"A condition on {ByLine} that is one of several alternatives"), 0);
        }

        var tally = new CallTally();
        var values = batch.Conditions.SelectMany(RowDistribution.Required).Where(c => c.Path == ByLine && c.Operator == Comparison.In).SelectMany(c => c.Values).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var inactive = ReadPlanner.WantsInactive(access, batch);
        var found = await Answers.EachAsync(values, value => FindAsync(session, access, value, inactive, batch.Priority, tally, cancellationToken)).ConfigureAwait(false);
        if (found.FirstOrDefault(f => f.Error is not null).Error is { } error) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, error, tally.Calls);
        var customers = found.SelectMany(f => f.Value!).DistinctBy(c => (string)c["id"]!).Where(c => access.Shows(c, inactive)).ToList();
        var (lines, calls) = await _lines.RowsAsync(session, session.Access("customerContact")!, [.. customers.Select(c => (string)c["id"]!)], batch.Priority, cancellationToken).ConfigureAwait(false);
        if (lines.Error is { } unread) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, unread, tally.Calls + calls);
        // With its lines a customer can be judged by the condition as it was asked.
        var byOwner = lines.Value!.ToLookup(l => (string)l["customerId"]!);
        var rows = customers.Select(c => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(c) { ["contacts"] = byOwner[(string)c["id"]!].Cast<object?>().ToList() }).ToList();
        return new BatchAnswer<ReadRows> { Items = [.. RowDistribution.Give(access.Evaluator, batch, rows)], Calls = tally.Calls + calls };
    }

    private static async Task<Outcome<List<IReadOnlyDictionary<string, object?>>>> FindAsync(Session session, EntityAccess access, string value, bool inactive, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (!value.Contains('@', StringComparison.Ordinal))
        {
            var digits = ValueComparison.Digits(value);
            if (digits.Length == 0) return new List<IReadOnlyDictionary<string, object?>>();
            return await ListAsync(session, access, inactive, ("phone", digits), priority, tally, cancellationToken).ConfigureAwait(false);
        }

        var methods = await session.Lists.ReadAsync(
            session.Path("crm/v2/tenant/{tenant}/contacts/contact-methods"), new Dictionary<string, string> { ["value"] = value, ["type"] = "Email" }, Row(Methods), PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        Count(tally, methods.Calls);
        if (methods.Rows.Error is { } error) return error;
        var contacts = methods.Rows.Value!.Where(m => string.Equals(m.GetValueOrDefault("value") as string, value, StringComparison.OrdinalIgnoreCase)).Select(m => m.GetValueOrDefault("contactId") as string)
            .Where(id => Guid.TryParse(id, out _)).Distinct().ToList();
        var related = await Answers.EachAsync(contacts, async contact =>
        {
            var (rows, calls, _) = await session.Lists.ReadAsync(
                session.Path($"crm/v2/tenant/{{tenant}}/contacts/{contact}/relationships"), new Dictionary<string, string> { ["typeSlug"] = "customer" }, Row(Relations), PageSize, priority, null, cancellationToken).ConfigureAwait(false);
            Count(tally, calls);
            // A contact that was removed in the meantime belongs to nobody.
            return rows.Error is { Code: "404" } ? new List<IReadOnlyDictionary<string, object?>>() : rows;
        }).ConfigureAwait(false);
        if (related.FirstOrDefault(r => r.Error is not null).Error is { } unread) return unread;
        var ids = related.SelectMany(r => r.Value!).Where(r => r.GetValueOrDefault("typeSlug") as string == "customer").Select(r => r.GetValueOrDefault("relatedEntityId") as string).OfType<string>().Distinct().ToList();
        var customers = new List<IReadOnlyDictionary<string, object?>>();
        foreach (var chunk in ids.Chunk(50))
        {
            var page = await ListAsync(session, access, inactive, ("ids", string.Join(',', chunk)), priority, tally, cancellationToken).ConfigureAwait(false);
            if (page.Error is { } failed) return failed;
            customers.AddRange(page.Value!);
        }

        return customers;
    }

    private static async Task<Outcome<List<IReadOnlyDictionary<string, object?>>>> ListAsync(Session session, EntityAccess access, bool inactive, (string Name, string Value) filter, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        var query = session.Query(access);
        query[filter.Name] = filter.Value;
        query["active"] = inactive ? "Any" : "True";
        // A phone belongs to few: a full page means that the filter was not applied.
        var (rows, calls, more) = await session.Lists.ReadAsync(session.Path(access.Wire.Path), query, access.ReadRow, PageSize, priority, _ => true, cancellationToken).ConfigureAwait(false);
        Count(tally, calls);
        return more ? new OperationError(ErrorKind.Misconfigured, "ignoredFilter", $"ServiceTitan ignored the filter {filter.Name}: it brought more than {PageSize} customers.") { Fields = [ByLine] } : rows;
    }

    private static RowReader Row(RecordReader reader) => (ref Utf8JsonReader json) => reader.Read(ref json);

    private static FieldDescriptor Text(string name) => new() { Name = name, Type = FieldType.Of(FieldKind.Text) };

    private static void Count(CallTally tally, int calls)
    {
        for (var i = 0; i < calls; i++) tally.Add();
    }
}
