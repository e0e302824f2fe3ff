using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Tests.Salesforce;
using WorkflowEngine.Rest;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Rest;

/// <summary>The contract of all connectors for the one that has no records of its own: a GET reads the sample, a POST makes one, a PATCH changes it.</summary>
public sealed class RestContractTests : ConnectorContract
{
    private const string Contacts = "services/data/v67.0/sobjects/Contact";

    private RunningSimulator<SalesforceSimulator>? _running;
    private string _contact = "";

    protected override Simulator Simulator => _running!.Simulator;

    protected override IConnector Connector { get; } = new Calling();

    protected override Type Tested => typeof(RestConnector);

    // The token endpoint must go on working while calls fail.
    protected override string Paths => "/services/data/*";

    protected override async Task StartAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        _contact = _running.Simulator.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Whitfield" });
    }

    protected override async Task StopAsync() => await _running!.DisposeAsync();

    protected override ConnectionSettings Settings() => To(_running!.BaseAddress, SalesforceSimulator.ClientId, SalesforceSimulator.ClientSecret);

    protected override ConnectionSettings WithSecrets(string secret) => To(_running!.BaseAddress, secret, secret);

    protected override ConnectionSettings Unreachable() => To(new Uri("http://127.0.0.1:9"), SalesforceSimulator.ClientId, SalesforceSimulator.ClientSecret);

    protected override ReadBatch SampleRead() => new() { Entity = $"{Contacts}/{_contact}", Fields = [], Conditions = [new AllOf([])] };

    protected override WriteBatch SampleCreate() => new() { Entity = Contacts, Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = "O'Brien" } }] };

    protected override WriteBatch SampleUpdate() => new() { Entity = Contacts, Verb = WriteVerb.Update, Items = [new WriteItem { Id = _contact, Fields = new Dictionary<string, object?> { ["LastName"] = "Whitfield-Ruiz" } }] };

    protected override int CountOfSamples() => _running!.Simulator.Records("Contact", "Id").Count;

    private static ConnectionSettings To(Uri address, string id, string secret) => new()
    {
        Name = "any",
        Connector = "http",
        Settings = new Dictionary<string, string>
        {
            ["baseAddress"] = address.GetLeftPart(UriPartial.Authority), ["auth"] = "clientCredentials", ["tokenAddress"] = new Uri(address, "/services/oauth2/token").ToString(), ["allowPrivate"] = "true",
        },
        Secrets = new Dictionary<string, string> { ["clientId"] = id, ["clientSecret"] = secret },
    };

    /// <summary>The connector, asked for records as the contract does.</summary>
    private sealed class Calling : IConnector
    {
        private readonly RestConnector _connector = new();

        public ConnectorDescriptor Descriptor => _connector.Descriptor;

        public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => _connector.Validate(settings);

        public IConnection Connect(ConnectionSettings settings, ConnectorContext context) => new ByCalls(_connector.Connect(settings, context));
    }

    private sealed class ByCalls(IConnection inner) : IConnection
    {
        public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public int MostItems(string entity, BatchKind kind) => inner.MostItems(entity, kind);

        public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => batch.Entity.StartsWith(Contacts, StringComparison.Ordinal)
            ? await CallAsync("GET", batch.Entity, null, batch.Priority, body => new ReadRows([body]), cancellationToken)
            : await inner.ReadAsync(batch, cancellationToken);

        public Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
        {
            var item = batch.Items[0];
            return batch.Verb == WriteVerb.Create
                ? CallAsync("POST", batch.Entity, item.Fields, batch.Priority, body => new WriteResult((string)body["id"]!, true), cancellationToken)
                : CallAsync("PATCH", $"{batch.Entity}/{item.Id}", item.Fields, batch.Priority, _ => new WriteResult(item.Id!, false), cancellationToken);
        }

        public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => inner.CallAsync(batch, cancellationToken);

        public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) => inner.PollAsync(request, cancellationToken);

        public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => inner.DescribeAsync(entity, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public override string ToString() => inner.ToString() ?? "";

        private async Task<BatchAnswer<T>> CallAsync<T>(
            string method, string path, IReadOnlyDictionary<string, object?>? body, CallPriority priority, Func<IReadOnlyDictionary<string, object?>, T> read, CancellationToken cancellationToken)
        {
            var with = new Dictionary<string, object?> { ["path"] = path };
            if (body is not null) with["body"] = body;
            var answer = await inner.CallAsync(new CallBatch { Operation = method, Items = [with], Priority = priority }, cancellationToken);
            if (answer.CallError is { } failed) return BatchAnswer<T>.Failed(failed, answer.Calls);
            var item = answer.Items[0];
            return new BatchAnswer<T>
            {
                Items = [item.Error is { } error ? error : read(item.Value!["body"] as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>())], Calls = answer.Calls,
            };
        }
    }
}
