using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>A simulator and a connection to it. Where ServiceTitan's OpenAPI documents are at hand, every request of every test and every answer to one has to be as published.</summary>
public abstract class ServiceTitanTest : IAsyncLifetime
{
    private readonly PublishedRequests _published = new();
    private RunningSimulator<ServiceTitanSimulator>? _running;

    protected StepClock Clock { get; } = new();

    protected RecordingGate Gate { get; } = new();

    protected ServiceTitanSimulator Simulator => _running!.Simulator;

    protected IConnection Connection { get; private set; } = null!;

    protected Uri BaseAddress => _running!.BaseAddress;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected virtual SimulatorOptions Options => new() { Rate = 0, FeedPageSize = 3, FeedRepeatWindow = TimeSpan.Zero };

    protected virtual (string Name, string Value)[] More => [];

    public async ValueTask InitializeAsync()
    {
        _running = await SimulatorHost.StartAsync(new ServiceTitanSimulator(Options), Cancel);
        Connection = Connect(More);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.Empty(_published.Problems);
    }

    protected IConnection Connect(params (string Name, string Value)[] more) =>
        new ServiceTitanConnector(_published.Transport).Connect(TestTenant.Settings(_running!.BaseAddress, null, more), new ConnectorContext { Time = Clock, Gate = Gate, Seed = 1 });

    /// <summary>From now on this path answers what the test says, which no document publishes.</summary>
    protected void Replace(string path, string body, int? status = null)
    {
        _published.HoldsAnswers = false;
        Simulator.Faults.Add(new FaultRule { Kind = FaultKind.Malformed, Path = path, Status = status, Body = body });
    }

    /// <summary>A record as people enter it.</summary>
    protected void Put(string kind, long id, params (string Name, object? Value)[] values) =>
        Simulator.PutRecord(kind, values.ToDictionary(v => v.Name, v => v.Value).Append(KeyValuePair.Create("id", (object?)id)).ToDictionary());

    /// <summary>What jobs refer to.</summary>
    protected void SetUp()
    {
        Put("businessUnits", 9020, ("name", "Plumbing Service"));
        Put("jobTypes", 1187, ("name", "Water Heater Repair"));
        Put("campaignCategories", 70, ("name", "Online"));
        Put("campaigns", 655, ("name", "Website"), ("businessUnitId", 9020), ("categoryId", 70));
        Put("technicians", 3044, ("name", "Ruben Ortega"));
        Put("technicians", 3051, ("name", "Ines Falk"));
        Put("employees", 501, ("name", "Mara Lind"), ("email", "mara@example.com"));
        Put("jobCancelReasons", 11, ("name", "Customer changed their mind"));
        Put("jobHoldReasons", 21, ("name", "Waiting for parts"));
        Put("tagTypes", 771, ("name", "VIP"), ("color", "#aa0000"));
        Put("customFieldTypes", 3402, ("name", "Opportunity"), ("owner", "jobs"));
        Put("customFieldTypes", 3403, ("name", "Gate code"), ("owner", "jobs"));
        Put("paymentTypes", 3, ("name", "Check"));
    }

    protected async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RowsAsync(ReadBatch batch, IConnection? connection = null)
    {
        var answer = await (connection ?? Connection).ReadAsync(batch, Cancel);
        Assert.Null(answer.CallError);
        Assert.Null(answer.Items[0].Error);
        return answer.Items[0].Value!.Rows;
    }

    protected async Task<Outcome<WriteResult>> WriteAsync(string entity, WriteVerb verb, string? id, params (string Name, object? Value)[] fields) =>
        (await Connection.WriteAsync(new WriteBatch { Entity = entity, Verb = verb, Items = [new WriteItem { Id = id, Fields = fields.ToDictionary(f => f.Name, f => f.Value) }] }, Cancel)).Items[0];

    protected async Task<Outcome<IReadOnlyDictionary<string, object?>>> CallAsync(string operation, params (string Name, object? Value)[] with) =>
        (await Connection.CallAsync(new CallBatch { Operation = operation, Items = [with.ToDictionary(f => f.Name, f => f.Value)] }, Cancel)).Items[0];

    protected long Add(CustomerSeed seed) => Simulator.AddCustomer(seed);

    protected string Id(CustomerSeed seed) => Text(Simulator.AddCustomer(seed));

    protected static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
