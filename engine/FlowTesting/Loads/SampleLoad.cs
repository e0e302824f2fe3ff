using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.FlowTesting;

/// <summary>Plays a sample many times in two simulated systems: first what is given, then event by event for all copies.</summary>
public sealed class SampleLoad : IDisposable
{
    private readonly LoadSample _sample;
    private readonly SalesforceSimulator _org;
    private readonly SampleCopier _copier;
    private readonly RecordNames _names = new();
    private readonly TenantRecords _tenantRecords;
    private readonly OrgRecords _orgRecords;
    private readonly Dictionary<string, ISystemRecords> _records;
    private readonly Dictionary<string, IReadOnlyList<EntityDescriptor>> _entities;

    public SampleLoad(LoadSample sample, ServiceTitanSimulator tenant, SalesforceSimulator org)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (_sample, _org) = (sample, org);
        _entities = FlowTestRunner.Connectors.ToDictionary(c => c.Descriptor.Name, c => FlowEntities.Of(c.Descriptor, sample.Bench.Flows.Select(f => f.Compiled!)));
        _tenantRecords = new TenantRecords(tenant, TestSettings.TenantAddress, _names, name => Entity("servicetitan", name));
        _orgRecords = new OrgRecords(org, TestSettings.OrgAddress, _names, name => Entity("salesforce", name));
        _records = new Dictionary<string, ISystemRecords> { ["servicetitan"] = _tenantRecords, ["salesforce"] = _orgRecords };
        var given = sample.Records.SelectMany(r => r.Entities).SelectMany(e => e.Records.Select(record => (e.Entity.Value, record)));
        var happening = sample.Events.Where(e => e.Kind == TestEventKind.Put).Select(e => (Find(e.Subject!.Value).Entity, e.Value!));
        _copier = new SampleCopier([.. given, .. happening], [.. sample.Parameters.Select(p => p.Value), .. sample.Tables.SelectMany(t => t.Rows).SelectMany(r => r.Values.Select(v => v.Value).Prepend(r.Key))]);
        Steps = [.. sample.Events.Select(e => new SampleStep(e.After, e.Kind is TestEventKind.Webhook or TestEventKind.Run))];
    }

    /// <summary>What happens, in order; all copies before the next.</summary>
    public IReadOnlyList<SampleStep> Steps { get; }

    /// <summary>The records that stand there before; null, or why they cannot.</summary>
    /// <param name="copies">How many copies of what is copied.</param>
    /// <param name="done">Told after each copy.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<string?> GiveAsync(int copies, Action<int> done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(done);
        foreach (var flow in _sample.Bench.Flows) OrgFields.Apply(_org, flow.Definition);
        foreach (var records in _sample.Records)
        {
            if (records.Setup is { } setup && await _records[System(records)].SetUpAsync(setup, rules: false, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        }

        var all = _sample.Records.SelectMany(r => r.Entities.SelectMany(e => e.Records.Select(record => (System: System(r), Entity: e.Entity.Value, Record: record)))).OrderBy(i => i.System, StringComparer.Ordinal).ToList();
        if (await PutAsync([.. all.Where(i => !_copier.IsCopied(i.Entity, i.Record))], isNew: false, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
        var each = all.Where(i => _copier.IsCopied(i.Entity, i.Record)).ToList();
        for (var copy = 1; copy <= copies; copy++)
        {
            if (await PutAsync([.. each.Select(i => i with { Record = _copier.Of(i.Record, copy) })], isNew: true, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
            done(copy);
        }

        foreach (var records in _sample.Records)
        {
            if (records.Setup is { } setup && await _records[System(records)].SetUpAsync(setup, rules: true, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        }

        return null;
    }

    /// <summary>The deployment's file; call it when what is given stands there.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="token">The variable that holds the token of inbound calls.</param>
    public string Deployment(string name, string token) => _sample.Deployment(name, _sample.Events.Any(e => e.Kind == TestEventKind.Webhook) ? token : null, _names);

    /// <summary>A person makes or changes a record, in one copy; null, or the system's refusal.</summary>
    /// <param name="step">Which of <see cref="Steps"/>.</param>
    /// <param name="copy">The copy, from 1.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<string?> HappenAsync(int step, int copy, CancellationToken cancellationToken)
    {
        if (_sample.Events[step] is not { Kind: TestEventKind.Put } happening) return null;
        var (system, entity) = Find(happening.Subject!.Value);
        // A change of what the company has once is made once.
        if (copy > 1 && !_copier.IsCopied(entity, happening.Value!)) return null;
        return await _records[system].PutAsync(entity, Copy(entity, happening.Value!, copy), step == 0, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The inbound call or run by hand of one copy: the flow, whether it comes by the hook, and its JSON.</summary>
    /// <param name="step">Which of <see cref="Steps"/>.</param>
    /// <param name="copy">The copy, from 1.</param>
    public (string Flow, bool Hook, byte[] Payload) Call(int step, int copy)
    {
        var happening = _sample.Events[step];
        var flow = happening.Subject?.Value ?? _sample.Flow;
        var fields = _sample.Bench.Flows.FirstOrDefault(f => f.Definition.Flow.Value == flow)?.Compiled?.Input.Fields ?? [];
        return (flow, happening.Kind == TestEventKind.Webhook, Encoding.UTF8.GetBytes(VendorJson.Of(_names.Resolve(_copier.Of(happening.Value!, copy)), fields).ToJsonString()));
    }

    public void Dispose()
    {
        _tenantRecords.Dispose();
        _orgRecords.Dispose();
    }

    private ObjectValue Copy(string entity, ObjectValue record, int copy) => _copier.IsCopied(entity, record) ? _copier.Of(record, copy) : record;

    /// <summary>Parents may stand in a later list than their children: what is refused is tried again after the others.</summary>
    private async Task<string?> PutAsync(IReadOnlyList<(string System, string Entity, ObjectValue Record)> waiting, bool isNew, CancellationToken cancellationToken)
    {
        while (waiting.Count > 0)
        {
            var again = new List<(string System, string Entity, ObjectValue Record)>();
            string? problem = null;
            foreach (var item in waiting)
            {
                if (await _records[item.System].PutAsync(item.Entity, item.Record, isNew, cancellationToken).ConfigureAwait(false) is not { } refused) continue;
                again.Add(item);
                problem ??= refused;
            }

            if (again.Count == waiting.Count) return problem;
            waiting = again;
        }

        return null;
    }

    private string System(TestRecords records) => _sample.Bench.Connections[records.Connection.Value];

    private EntityDescriptor? Entity(string system, string name) => _entities[system].FirstOrDefault(e => e.Name == name);

    private (string System, string Entity) Find(string subject)
    {
        if (subject.Split('/') is [var connection, var name]) return (_sample.Bench.Connections[connection], name);
        return (_entities.FirstOrDefault(s => s.Value.Any(e => e.Name == subject)).Key ?? "servicetitan", subject);
    }
}

/// <summary>Something that happens in every copy.</summary>
/// <param name="After">Time that passes before it.</param>
/// <param name="IsCall">An inbound call or a run by hand; else a person changes a record.</param>
public sealed record SampleStep(TimeSpan After, bool IsCall);
