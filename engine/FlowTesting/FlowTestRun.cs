using System.Text;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>One test from its beginning to its judgement.</summary>
internal sealed class FlowTestRun(TestBench bench, TestFiles files, FlowTestDefinition test, CoverageRecorder? coverage, FlowTestTrouble trouble)
{
    private static readonly DateTimeOffset DefaultNow = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly List<FlowTestFailure> _failures = [];

    /// <summary>Effect boundaries reached.</summary>
    public long Boundaries { get; private set; }

    /// <summary>How often the engine died at one of the given boundaries.</summary>
    public int Kills { get; private set; }

    /// <summary>Records of both systems at the end of the events.</summary>
    public int Records { get; private set; }

    /// <summary>Why deployments were paused.</summary>
    public IReadOnlyList<string> Pauses { get; private set; } = [];

    private TestGiven Defaults => files.Tests.Defaults;

    /// <summary>Looks at what the test left, before anything is judged; null = nobody looks.</summary>
    public Func<TestWorld, EndState, CancellationToken, Task>? Observe { get; init; }

    public async Task<IReadOnlyList<FlowTestFailure>> RunAsync(CancellationToken cancellationToken)
    {
        var now = TestWorld.ReadTime(test.Given.Now ?? Defaults.Now) ?? DefaultNow;
        var faults = new FaultPlan([.. Defaults.Faults, .. test.Given.Faults]);
        var world = new TestWorld(bench, faults, now, HasPersonAccounts(), trouble);
        await using (world.ConfigureAwait(false))
        {
            world.SetUp(bench.Flows.Select(f => f.Definition));
            await GiveAsync(world, cancellationToken).ConfigureAwait(false);
            if (_failures.Count > 0) return _failures;
            var planned = Plan(world.Names);
            if (planned.Count == 0) return _failures;
            world.SetUp(planned.Select(p => p.Definition), OrgNames());
            var before = await CountsAsync(world, cancellationToken).ConfigureAwait(false);
            if (await StartedAsync(world.StartAsync(planned, coverage, cancellationToken)).ConfigureAwait(false)
                && await HappenAsync(world, cancellationToken).ConfigureAwait(false))
            {
                await JudgeAsync(world, planned, faults, before, cancellationToken).ConfigureAwait(false);
            }

            (Boundaries, Kills) = world.Deaths;
        }

        return _failures;
    }

    /// <summary>Whether the org is one with person accounts: nobody can switch that later.</summary>
    private bool HasPersonAccounts() => test.Given.Systems.Concat(Defaults.Systems).Select(files.Records)
        .Any(r => r.Setup?.Lines.Any(l => l.Name.Value == OrgRecords.PersonAccounts && l.Value is LiteralValue { IsTrue: true }) == true);

    private async Task<bool> StartedAsync(Task<IReadOnlyList<string>> starting)
    {
        foreach (var problem in await starting.ConfigureAwait(false)) Fail(test.Name.Span, problem);
        return _failures.Count == 0;
    }

    /// <summary>The records that stand there before; a test's own list of an entity takes the place of the default's.</summary>
    private async Task GiveAsync(TestWorld world, CancellationToken cancellationToken)
    {
        var own = test.Given.Systems.Select(files.Records).ToList();
        var all = new List<TestRecords>(own);
        foreach (var records in Defaults.Systems.Select(files.Records))
        {
            var replaced = own.Where(o => o.Connection.Value == records.Connection.Value).SelectMany(o => o.Entities).Select(e => e.Entity.Value).ToHashSet();
            all.Insert(0, records with { Entities = [.. records.Entities.Where(e => !replaced.Contains(e.Entity.Value))] });
        }

        foreach (var records in all)
        {
            var system = world.Records(bench.Connections[records.Connection.Value]);
            if (records.Setup is { } setup && await system.SetUpAsync(setup, rules: false, cancellationToken).ConfigureAwait(false) is { } refused) Fail(setup.Span, refused);
        }

        // Names of Salesforce's records may stand in ServiceTitan's. Parents may stand in a later list than their children: what is refused is tried again after the others.
        var waiting = all.SelectMany(r => r.Entities.SelectMany(e => e.Records.Select(record => (System: bench.Connections[r.Connection.Value], Entity: e.Entity.Value, Record: record))))
            .OrderBy(i => i.System, StringComparer.Ordinal).ToList();
        while (waiting.Count > 0)
        {
            var again = new List<(string System, string Entity, ObjectValue Record)>();
            var problems = new List<(ObjectValue Record, string Problem)>();
            foreach (var item in waiting)
            {
                if (await world.Records(item.System).PutAsync(item.Entity, item.Record, cancellationToken).ConfigureAwait(false) is not { } problem) continue;
                again.Add(item);
                problems.Add((item.Record, problem));
            }

            if (again.Count == waiting.Count)
            {
                foreach (var (record, problem) in problems) Fail(record.Span, problem);
                return;
            }

            waiting = again;
        }

        foreach (var records in all)
        {
            if (records.Setup is { } setup && await world.Records(bench.Connections[records.Connection.Value]).SetUpAsync(setup, rules: true, cancellationToken).ConfigureAwait(false) is { } refused) Fail(setup.Span, refused);
        }
    }

    /// <summary>The deployment of a test: the file's, with the test's own parameters and tables before it.</summary>
    private IReadOnlyList<PlannedDeployment> Plan(RecordNames names)
    {
        var text = new StringBuilder("deployment: test\ntemplate: ").Append(bench.Template).Append("\nconnections: { ");
        text.AppendJoin(", ", bench.Connections.Select(c => $"{c.Key}: {c.Value}")).Append(" }\n");
        var definition = DeploymentParser.Parse(new SourceText("deployment of the test", text.ToString())).Value!;
        var file = files.Deployment(test.Given.Deployment ?? Defaults.Deployment);
        IReadOnlyList<FieldLine> parameters = [.. test.Given.Parameters, .. Defaults.Parameters, .. file?.Parameters ?? []];
        definition = definition with
        {
            Parameters = names.Resolve([.. parameters.DistinctBy(p => p.Name.Value)]),
            Tables = names.Resolve([.. test.Given.Tables, .. Defaults.Tables.Where(t => test.Given.Tables.All(o => o.Name.Value != t.Name.Value)), .. file?.Tables ?? []]),
            Names = file?.Names ?? [],
            Overlay = file?.Overlay ?? [],
            Requires = file?.Requires ?? [],
        };
        var found = new List<Diagnostic>();
        var planned = DeploymentBinder.Bind(definition, bench.Load.Flows, TestSettings.All.ToDictionary(s => s.Name, s => s.Connector), static _ => "token-of-the-tests", found);
        foreach (var mistake in found.Where(d => d.IsError))
        {
            Fail(mistake.Source.Path == definition.Source.Path ? test.Name.Span : mistake.Span, $"{mistake.Code}: {mistake.Message}");
        }

        return planned;
    }

    /// <summary>What the deployment's file says this org calls entities and fields, without their connection.</summary>
    private Dictionary<string, string> OrgNames() => (files.Deployment(test.Given.Deployment ?? Defaults.Deployment)?.Names ?? []).ToDictionary(n => n.From.Value[(n.From.Value.IndexOf('/') + 1)..], n => n.To.Value);

    private async Task<bool> HappenAsync(TestWorld world, CancellationToken cancellationToken)
    {
        foreach (var happening in test.Given.Events)
        {
            if (happening.After > TimeSpan.Zero && await world.PassAsync(happening.After, cancellationToken).ConfigureAwait(false) is { } stuck)
            {
                Fail(happening.Span, stuck);
                return false;
            }

            if (await HappenAsync(world, happening, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                Fail(happening.Span, problem);
                return false;
            }
        }

        if (await world.SettleAsync(cancellationToken).ConfigureAwait(false) is not { } restless) return true;
        Fail(test.Name.Span, restless);
        return false;
    }

    private async Task<string?> HappenAsync(TestWorld world, TestEvent happening, CancellationToken cancellationToken)
    {
        switch (happening.Kind)
        {
            case TestEventKind.Put or TestEventKind.Delete:
                var (system, entity) = world.Find(happening.Subject!.Value);
                if (system is null) return $"No connection of the flow has the entity '{happening.Subject.Value}'.";
                return happening.Kind == TestEventKind.Put
                    ? await world.Records(system).PutAsync(entity, happening.Value!, cancellationToken).ConfigureAwait(false)
                    : await world.Records(system).DeleteAsync(entity, happening.Value!, cancellationToken).ConfigureAwait(false);
            case TestEventKind.Run or TestEventKind.Webhook:
                var flow = happening.Subject?.Value ?? files.Tests.Flow.Value;
                var active = world.Host.Runtime.Registry.All.FirstOrDefault(d => d.Flow.Id == flow);
                if (active is null) return $"There is no flow '{flow}' in this template.";
                var payload = Encoding.UTF8.GetBytes(VendorJson.Of(world.Names.Resolve(happening.Value!), active.Flow.Input.Fields).ToJsonString());
                var answer = happening.Kind == TestEventKind.Run
                    ? await world.Host.RunAsync(world.Host.Workspace(active.Ref.Workspace), active.Name, payload, cancellationToken).ConfigureAwait(false)
                    : await world.Host.AcceptHookAsync(active.Name, "token-of-the-tests", payload, cancellationToken).ConfigureAwait(false);
                return answer.Problem ?? (answer.IsUnknown ? "The flow takes no such call." : null);
            default:
                return null;
        }
    }

    private async Task<Dictionary<string, int>> CountsAsync(TestWorld world, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>();
        foreach (var expected in test.Expect.Created)
        {
            var (system, entity) = world.Find(expected.What.Value);
            if (system is null) Fail(expected.What.Span, $"The flow has no connection and entity '{expected.What.Value}'.");
            else counts[expected.What.Value] = await world.Records(system).MadeByOthersAsync(entity, cancellationToken).ConfigureAwait(false);
        }

        return counts;
    }

    private async Task JudgeAsync(TestWorld world, IReadOnlyList<PlannedDeployment> planned, FaultPlan faults, Dictionary<string, int> before, CancellationToken cancellationToken)
    {
        Records = trouble.Counts ? (await world.SnapshotAsync(cancellationToken).ConfigureAwait(false)).Count : 0;
        var end = await EndState.OfAsync(world.Host, cancellationToken).ConfigureAwait(false);
        Pauses = end.Pauses;
        Cover(end);
        if (Observe is not null) await Observe(world, end, cancellationToken).ConfigureAwait(false);
        var check = new ExpectationCheck(test, files.Tests.Flow.Value, end, world.Names);
        // After a death a feed may hint at the same change once more: how many runs there are says nothing then, what they did does.
        if (trouble.Kills.Count == 0) check.Runs();
        check.Letters();
        check.Incidents();
        check.Updated();
        check.Unspent(faults.Unspent);
        var after = await CountsAsync(world, cancellationToken).ConfigureAwait(false);
        foreach (var expected in test.Expect.Created)
        {
            if (after.TryGetValue(expected.What.Value, out var made)) check.Created(expected, made, before.GetValueOrDefault(expected.What.Value));
        }

        foreach (var records in test.Expect.Systems)
        {
            var reading = world.Reading(bench.Connections[records.Connection.Value]);
            foreach (var expected in records.Entities)
            {
                if (reading.Entity(expected.Entity.Value) is not { } entity) continue;
                var fields = expected.Records.SelectMany(r => r.Lines).Select(l => l.Name.Value).Distinct(StringComparer.Ordinal).ToList();
                check.Records(expected, entity, await reading.AllAsync(entity, fields, cancellationToken).ConfigureAwait(false));
            }
        }

        if (test.Expect.Repeat is not null && check.Failures.Count == 0) await RepeatAsync(world, planned, check, cancellationToken).ConfigureAwait(false);
        _failures.AddRange(check.Failures);
    }

    /// <summary>Everything once more, with an engine that remembers nothing: what it finds must be what it would make.</summary>
    private async Task RepeatAsync(TestWorld world, IReadOnlyList<PlannedDeployment> planned, ExpectationCheck check, CancellationToken cancellationToken)
    {
        var before = await world.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (!await StartedAsync(world.StartAgainAsync(planned, cancellationToken)).ConfigureAwait(false)) return;
        foreach (var happening in test.Given.Events.Where(e => e.Kind is TestEventKind.Run or TestEventKind.Webhook))
        {
            if (await HappenAsync(world, happening, cancellationToken).ConfigureAwait(false) is { } problem) Fail(happening.Span, problem);
        }

        if (await world.SettleAsync(cancellationToken).ConfigureAwait(false) is { } restless) Fail(test.Name.Span, restless);
        check.Repeated(Snapshots.Differences(before, await world.SnapshotAsync(cancellationToken).ConfigureAwait(false)));
    }

    private void Cover(EndState end)
    {
        if (coverage is null) return;
        foreach (var (flow, effect) in end.Effects)
        {
            var step = bench.Flows.First(f => f.Compiled!.Id == flow).Compiled!.Instructions.FirstOrDefault(i => i.Step.Name == effect.Step)?.Step;
            if (step is null) continue;
            foreach (var field in effect.Fields.Append("")) coverage.Wrote(step.Place, effect.Verb, field);
        }
    }

    private void Fail(SourceSpan place, string message) => _failures.Add(new FlowTestFailure(place, message, []));
}
