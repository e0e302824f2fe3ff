using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>
/// A vendor that counts: customers change so often a second, very many were there before; accounts are kept by number; calls of everybody in 24 hours are limited, and others use them too.
/// Every call passes the budget as those of the real connectors do, and a call over the limit is refused and counted.
/// </summary>
internal sealed class CountingVendor : IConnector
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly BudgetRun _run;
    private readonly Dictionary<string, string> _accounts = [];
    private readonly DateTimeOffset _begin;
    private long _calls;

    public CountingVendor(BudgetRun run, TimeProvider time)
    {
        (_run, _time, _begin) = (run, time, time.GetUtcNow());
        var customer = new EntityDescriptor
        {
            Name = "customer", VersionField = "version",
            Fields = [Field("id", FieldKind.Id), Field("name", FieldKind.Text), Field("version", FieldKind.Text)],
            Events = [new EntityEvent { Name = "changed", Description = "Any change.", Feeds = ["customers"] }],
        };
        var account = new EntityDescriptor
        {
            Name = "account", Creatable = true, Updatable = true,
            Fields =
            [
                Field("id", FieldKind.Id),
                Field("number", FieldKind.Text) with { Creatable = true, Updatable = true, Filterable = true, Search = SearchForm.Exact, ExternalId = true, Unique = true },
                Field("name", FieldKind.Text) with { Creatable = true, Updatable = true },
            ],
        };
        Descriptor = new ConnectorDescriptor { Name = "counting", Title = "Counting", Entities = [customer, account], Settle = TimeSpan.FromSeconds(10) };
    }

    public ConnectorDescriptor Descriptor { get; }

    /// <summary>Calls that met the limit of 24 hours.</summary>
    public long Refused { get; private set; }

    /// <summary>The most calls of everybody that were ever counted.</summary>
    public long MostUsed { get; private set; }

    public long Calls => Interlocked.Read(ref _calls);

    public int Accounts
    {
        get { lock (_gate) return _accounts.Count; }
    }

    public long Foreign => (long)((_time.GetUtcNow() - _begin).TotalSeconds * _run.ForeignPerSecond);

    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => [];

    public IConnection Connect(ConnectionSettings settings, ConnectorContext context) => new Counting(this, context.Gate);

    private static FieldDescriptor Field(string name, FieldKind kind) => new() { Name = name, Type = FieldType.Of(kind) };

    /// <summary>One call: the budget, the vendor's own limit, the time it takes.</summary>
    private async Task<OperationError?> CallAsync(ICallGate gate, CallPriority priority, CancellationToken cancellationToken)
    {
        if (await gate.EnterAsync(priority, cancellationToken) is { } held) return held;
        Interlocked.Increment(ref _calls);
        bool over;
        lock (_gate)
        {
            var used = Calls + Foreign;
            MostUsed = Math.Max(MostUsed, used);
            over = used > _run.PerDay;
            if (over) Refused++;
        }

        await Task.Delay(_run.Latency, _time, cancellationToken);
        gate.Observe(Calls + Foreign, _run.PerDay);
        return over ? new OperationError(ErrorKind.Quota, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.") { NotExecuted = true } : null;
    }

    private sealed class Counting(CountingVendor vendor, ICallGate gate) : IConnection
    {
        public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<ConnectionInfo>>(
            new ConnectionInfo("counting:1", new RealmBudget { PerDay = vendor._run.PerDay, Reserve = vendor._run.Reserve }));

        public int MostItems(string entity, BatchKind kind) => vendor._run.Batch;

        public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
        {
            if (await vendor.CallAsync(gate, batch.Priority, cancellationToken) is { } error) return BatchAnswer<ReadRows>.Failed(error);
            lock (vendor._gate) return new BatchAnswer<ReadRows> { Items = [.. batch.Conditions.Select(Find)] };
        }

        public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
        {
            if (await vendor.CallAsync(gate, batch.Priority, cancellationToken) is { } error) return BatchAnswer<WriteResult>.Failed(error);
            lock (vendor._gate) return new BatchAnswer<WriteResult> { Items = [.. batch.Items.Select(Write)] };
        }

        public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
        {
            // The customers stand in a system of their own, whose calls are not short: they are read without the budget.
            await Task.Delay(TimeSpan.FromMilliseconds(50), vendor._time, cancellationToken);
            return request.Priority == CallPriority.Backfill ? Before(request.Cursor) : Live(request.Cursor);
        }

        public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<EntityDescriptor>>(vendor.Descriptor.Entity(entity)!);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private SourcePage Before(SourceCursor cursor)
        {
            const int page = 5_000;
            var from = long.Parse(cursor.Token ?? "0", CultureInfo.InvariantCulture);
            var to = Math.Min(vendor._run.Rows, from + page);
            var rows = new List<SourceRow>();
            for (var i = from; i < to; i++) rows.Add(Row("b", i));
            return new SourcePage { Rows = rows, Cursor = new SourceCursor(to.ToString(CultureInfo.InvariantCulture), null), HasMore = to < vendor._run.Rows };
        }

        private SourcePage Live(SourceCursor cursor)
        {
            var from = long.Parse(cursor.Token ?? "0", CultureInfo.InvariantCulture);
            var to = (long)((vendor._time.GetUtcNow() - vendor._begin).TotalSeconds * vendor._run.LivePerSecond);
            var rows = new List<SourceRow>();
            for (var i = from; i < to; i++) rows.Add(Row("l", i));
            return new SourcePage { Rows = rows, Cursor = new SourceCursor(to.ToString(CultureInfo.InvariantCulture), null) };
        }

        private static SourceRow Row(string kind, long number)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{kind}{number:00000000}");
            return new SourceRow { RecordId = id, Version = "1", Record = new Dictionary<string, object?> { ["id"] = id, ["name"] = "N" + id, ["version"] = "1" } };
        }

        private Outcome<ReadRows> Find(Condition condition)
        {
            var wanted = condition is FieldCondition { Values: [string number, ..] } ? number : throw new NotSupportedException($"{condition}");
            return vendor._accounts.TryGetValue(wanted, out var name)
                ? new ReadRows([new Dictionary<string, object?> { ["id"] = "a" + wanted, ["number"] = wanted, ["name"] = name }])
                : new ReadRows([]);
        }

        private Outcome<WriteResult> Write(WriteItem item)
        {
            var number = (string)(item.Key ?? item.Fields["number"])!;
            var created = !vendor._accounts.ContainsKey(number);
            vendor._accounts[number] = (string)item.Fields["name"]!;
            return new WriteResult("a" + number, created);
        }
    }
}
