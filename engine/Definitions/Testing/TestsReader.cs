namespace WorkflowEngine.Definitions;

/// <summary>Reads the parts of a file of tests.</summary>
internal sealed class TestsReader(Readers readers)
{
    private const string RecordsExample = "salesforce: { Account: [{ Name: Dana Whitfield }] }";

    private static readonly string[] Outcomes = ["succeeded", "stopped", "filtered", "unchanged", "superseded", "failed", "waiting"];

    private static readonly string[] EventWords = ["delete", "webhook", "run"];

    private ShapeReader Shapes => readers.Shapes;

    public FlowTestsDefinition File(YamlMapping mapping)
    {
        var keys = new KeyReader(readers.Diagnostics, mapping, "A file of tests");
        var flow = Shapes.FileName(keys.Required("flow", "flow: customer-to-salesforce"), "the name of a flow");
        var defaults = TestGiven.Nothing;
        if (keys.Optional("defaults") is { } given && Shapes.Mapping(given.Value, "what every test is given", "defaults: { given: { now: 2026-03-01T12:00:00Z } }") is { } all)
        {
            var inner = new KeyReader(readers.Diagnostics, all, "defaults", given.Key.Span);
            defaults = Given(inner.Optional("given"));
            inner.Close();
        }

        var tests = new List<FlowTestDefinition>();
        if (keys.Required("tests", "tests: [{ name: a customer arrives, given: {}, expect: {} }]") is { } list)
        {
            var names = new Dictionary<string, Located<string>>(StringComparer.Ordinal);
            foreach (var item in Shapes.Sequence(list.Value, "a list of tests", "tests: [{ name: a customer arrives }]")?.Items ?? [])
            {
                if (Test(item) is not { } test) continue;
                if (!names.TryAdd(test.Name.Value, test.Name)) readers.Diagnostics.Add(ShapeDiagnostics.DuplicateName(test.Name.Span, "a test", test.Name.Value, names[test.Name.Value].Span.Start));
                tests.Add(test);
            }
        }

        keys.Close();
        return new FlowTestsDefinition
        {
            Source = Shapes.Source, Span = mapping.Span, Flow = flow ?? new Located<string>("", ShapeReader.First(mapping)), Defaults = defaults, Tests = tests,
        };
    }

    /// <summary>Records of one system, given or expected.</summary>
    public TestRecords Records(Located<string> connection, YamlMapping mapping, SourceSpan span, bool expecting)
    {
        ObjectValue? setup = null;
        var entities = new List<TestEntity>();
        foreach (var entry in mapping.Entries)
        {
            if (entry.Key.Value == "setup" && !expecting)
            {
                setup = Record(entry.Value, "setup: { duplicateRules: [] }");
                continue;
            }

            if (Entity(entry, expecting) is { } entity) entities.Add(entity);
        }

        return new TestRecords(span, connection, null, setup, entities);
    }

    private FlowTestDefinition? Test(YamlNode node)
    {
        if (Shapes.Mapping(node, "a test", "{ name: a customer arrives, given: {}, expect: {} }") is not { } mapping) return null;
        var keys = new KeyReader(readers.Diagnostics, mapping, "A test");
        var name = Shapes.Text(keys.Required("name", "name: a customer arrives"), "a customer arrives");
        var given = Given(keys.Optional("given"));
        var expect = Expect(keys.Required("expect", "expect: { runs: { succeeded: 1 } }"));
        keys.Close();
        return name is null ? null : new FlowTestDefinition(mapping.Span, name, given, expect);
    }

    private TestGiven Given(YamlEntry? entry)
    {
        if (entry is null || Shapes.Mapping(entry.Value, "what is given", "given: { events: [] }") is not { } mapping) return TestGiven.Nothing;
        var keys = new KeyReader(readers.Diagnostics, mapping, "given", entry.Key.Span);
        var now = Shapes.Text(keys.Optional("now"), "2026-03-01T12:00:00Z");
        var deployment = Shapes.Text(keys.Optional("deployment"), "examples/silver-creek.yaml");
        var parameters = readers.Values.Block(keys.Optional("parameters"), "{ country: US }")?.Lines ?? [];
        var tables = readers.Declarations.Tables(keys.Optional("tables"), rowsOnly: true);
        var events = Items(keys.Optional("events"), "a list of events", "events: [{ customer: { id: 1, name: Dana } }]").Select(Event).OfType<TestEvent>().ToList();
        var faults = Items(keys.Optional("faults"), "a list of faults", "faults: [{ step: account, fail: lostAnswer }]").Select(Fault).OfType<TestFault>().ToList();
        var systems = Systems(keys, mapping, ["now", "deployment", "parameters", "tables", "events", "faults"], expecting: false);
        keys.Close();
        return new TestGiven { Now = now, Deployment = deployment, Parameters = parameters, Tables = tables, Events = events, Faults = faults, Systems = systems };
    }

    private TestExpect Expect(YamlEntry? entry)
    {
        if (entry is null || Shapes.Mapping(entry.Value, "what must hold", "expect: { runs: { succeeded: 1 } }") is not { } mapping) return new TestExpect();
        var keys = new KeyReader(readers.Diagnostics, mapping, "expect", entry.Key.Span);
        var runs = Runs(keys.Optional("runs"));
        var created = Counts(keys.Optional("created"));
        var updated = Counts(keys.Optional("updated"));
        var letters = Items(keys.Optional("deadLetters"), "a list of dead letters", "deadLetters: [{ step: account, code: REQUIRED_FIELD_MISSING }]").Select(Letter).OfType<TestLetter>().ToList();
        var none = keys.Optional("incidents");
        var incidents = Shapes.Texts(none, "is off by");
        var outcome = Shapes.Text(keys.Optional("outcome"), "The customer is inactive");
        var repeat = Repeat(keys.Optional("repeat"));
        var systems = Systems(keys, mapping, ["runs", "created", "updated", "deadLetters", "incidents", "outcome", "repeat"], expecting: true);
        keys.Close();
        return new TestExpect
        {
            Span = entry.Key.Span, Runs = runs, Created = created, Updated = updated, DeadLetters = letters, Incidents = incidents, NoIncidents = none?.Value is YamlSequence { Items.Count: 0 } ? none.Key.Span : null, Outcome = outcome, Repeat = repeat, Systems = systems,
        };
    }

    /// <summary>Every other key is a connection: a mapping of entities, or in <c>given</c> the name of a file with them.</summary>
    private List<TestRecords> Systems(KeyReader keys, YamlMapping mapping, string[] known, bool expecting)
    {
        var result = new List<TestRecords>();
        foreach (var entry in mapping.Entries)
        {
            // A word such as 'event' is more likely a misspelled key than a connection: then its value is no mapping of lists.
            if (known.Contains(entry.Key.Value) || (Suggestions.Best(entry.Key.Value, known) is not null && entry.Value is not YamlMapping)) continue;
            keys.Optional(entry.Key.Value);
            if (!expecting && entry.Value is YamlScalar { Kind: YamlScalarKind.Text } file && !ShapeReader.IsExpression(file))
            {
                result.Add(new TestRecords(entry.Key.Span.To(file.Span), entry.Name, new Located<string>(file.Value, file.Span), null, []));
            }
            else if (Shapes.Mapping(entry.Value, $"the records of '{entry.Key.Value}' by entity", RecordsExample) is { } entities)
            {
                result.Add(Records(entry.Name, entities, entry.Key.Span.To(entry.Value.Span), expecting));
            }
        }

        return result;
    }

    private TestEntity? Entity(YamlEntry entry, bool expecting)
    {
        var (list, only) = (entry.Value, false);
        if (expecting && list is YamlMapping mapping)
        {
            var keys = new KeyReader(readers.Diagnostics, mapping, $"What is expected of '{entry.Key.Value}'", entry.Key.Span);
            only = Shapes.Boolean(keys.Optional("only"))?.Value == true;
            var records = keys.Required("records", $"{entry.Key.Value}: {{ only: true, records: [] }}");
            keys.Close();
            if (records is null) return null;
            list = records.Value;
        }

        if (Shapes.Sequence(list, $"a list of records for '{entry.Key.Value}'", $"{entry.Key.Value}: [{{ Name: Dana Whitfield }}]") is not { } items) return null;
        return new TestEntity(
            entry.Key.Span.To(entry.Value.Span), entry.Name, only, [.. items.Items.Select(i => Record(i, "{ Name: Dana Whitfield }")).OfType<ObjectValue>()]);
    }

    private ObjectValue? Record(YamlNode node, string example)
    {
        if (Shapes.Mapping(node, "the fields of a record", example) is not { } mapping) return null;
        var lines = readers.Values.Lines(mapping, overlay: false);
        foreach (var line in lines) Literals(line.Value, line.Name.Value);
        return new ObjectValue(mapping.Span, lines);
    }

    /// <summary>Tests are data: nothing in them is computed.</summary>
    private void Literals(ValueDefinition value, string name)
    {
        switch (value)
        {
            case ExpressionValue: readers.Diagnostics.Add(ShapeDiagnostics.ExpressionNotAllowed(value.Span, name)); break;
            case ListValue list:
                foreach (var item in list.Items) Literals(item, name);
                break;
            case ObjectValue record:
                foreach (var line in record.Lines) Literals(line.Value, line.Name.Value);
                break;
        }
    }

    private TestEvent? Event(YamlNode node)
    {
        const string Example = "{ after: 2d, customer: { id: 1, name: Dana } }";
        if (Shapes.Mapping(node, "an event", Example) is not { } mapping) return null;
        var keys = new KeyReader(readers.Diagnostics, mapping, "An event");
        var after = Shapes.Duration(keys.Optional("after"))?.Value ?? TimeSpan.Zero;
        YamlEntry? what = null;
        foreach (var entry in mapping.Entries)
        {
            if (entry.Key.Value is "after" or "with") continue;
            keys.Optional(entry.Key.Value);
            if (what is not null) readers.Diagnostics.Add(ShapeDiagnostics.Exclusive(entry.Key.Span, what.Key.Value, entry.Key.Value));
            else what = entry;
        }

        var result = what is null ? new TestEvent(mapping.Span, TestEventKind.Wait, after, null, null) : Happening(keys, mapping, after, what);
        keys.Close();
        return result;
    }

    private TestEvent? Happening(KeyReader keys, YamlMapping mapping, TimeSpan after, YamlEntry what)
    {
        if (!EventWords.Contains(what.Key.Value))
        {
            return Record(what.Value, $"{what.Key.Value}: {{ id: 1 }}") is { } record ? new TestEvent(mapping.Span, TestEventKind.Put, after, what.Name, record) : null;
        }

        if (what.Key.Value == "webhook")
        {
            return Record(what.Value, "webhook: { id: 1 }") is { } payload ? new TestEvent(mapping.Span, TestEventKind.Webhook, after, null, payload) : null;
        }

        var subject = Shapes.Text(what, what.Key.Value == "run" ? "invoice-job-revenue" : "salesforce/Contact");
        var with = keys.Required("with", what.Key.Value == "run" ? "{ run: invoice-job-revenue, with: { jobId: 1 } }" : "{ delete: Contact, with: { Email: a@example.com } }");
        if (subject is null || with is null || Record(with.Value, "with: { id: 1 }") is not { } value) return null;
        return new TestEvent(mapping.Span, what.Key.Value == "run" ? TestEventKind.Run : TestEventKind.Delete, after, subject, value);
    }

    private TestFault? Fault(YamlNode node)
    {
        if (Shapes.Mapping(node, "a fault", "{ step: account, fail: lostAnswer }") is not { } mapping) return null;
        var keys = new KeyReader(readers.Diagnostics, mapping, "A fault");
        var step = Shapes.Text(keys.Required("step", "step: account"), "account");
        var fail = Shapes.Text(keys.Required("fail", "fail: lostAnswer"), "lostAnswer");
        var times = Shapes.Integer(keys.Optional("times"), 1, 1_000);
        keys.Close();
        if (fail is not null && !TestFault.Words.Contains(fail.Value) && (fail.Value.Length == 0 || char.IsLower(fail.Value[0])))
        {
            readers.Diagnostics.Add(ShapeDiagnostics.UnknownWord(fail.Span, "fail", ShapeReader.Shorten(fail.Value), [.. TestFault.Words]));
            return null;
        }

        return step is null || fail is null ? null : new TestFault(mapping.Span, step, fail, (int)(times?.Value ?? 1));
    }

    private List<TestRuns> Runs(YamlEntry? entry)
    {
        var result = new List<TestRuns>();
        if (entry is null || Shapes.Mapping(entry.Value, "runs by outcome", "runs: { succeeded: 1 }") is not { } mapping) return result;
        foreach (var line in mapping.Entries)
        {
            if (line.Value is YamlMapping inner)
            {
                foreach (var one in inner.Entries) Count(one, line.Name);
            }
            else
            {
                Count(line, null);
            }
        }

        return result;

        void Count(YamlEntry line, Located<string>? flow)
        {
            if (!Outcomes.Contains(line.Key.Value)) readers.Diagnostics.Add(ShapeDiagnostics.UnknownWord(line.Key.Span, "runs", line.Key.Value, Outcomes));
            else if (Shapes.Integer(line) is { } count) result.Add(new TestRuns(line.Key.Span.To(line.Value.Span), flow, line.Name, count));
        }
    }

    private List<TestCount> Counts(YamlEntry? entry)
    {
        var result = new List<TestCount>();
        if (entry is null || Shapes.Mapping(entry.Value, "counts by entity", $"{entry.Key.Value}: {{ salesforce/Account: 1 }}") is not { } mapping) return result;
        foreach (var line in mapping.Entries)
        {
            if (!line.Key.Value.Contains('/'))
            {
                readers.Diagnostics.Add(ShapeDiagnostics.BadReference(line.Key.Span, ShapeReader.Shorten(line.Key.Value), "connection/Entity", "salesforce/Account: 1"));
            }
            else if (Shapes.Integer(line) is { } count)
            {
                result.Add(new TestCount(line.Key.Span.To(line.Value.Span), line.Name, count));
            }
        }

        return result;
    }

    private TestLetter? Letter(YamlNode node)
    {
        if (Shapes.Mapping(node, "a dead letter", "{ step: account, code: REQUIRED_FIELD_MISSING }") is not { } mapping) return null;
        var keys = new KeyReader(readers.Diagnostics, mapping, "A dead letter");
        var step = Shapes.Text(keys.Optional("step"), "account");
        var code = Shapes.Text(keys.Optional("code"), "REQUIRED_FIELD_MISSING");
        keys.Close();
        return new TestLetter(mapping.Span, step, code);
    }

    private Located<bool>? Repeat(YamlEntry? entry)
    {
        if (entry is null || ShapeReader.IsRefused(entry.Value)) return null;
        if (entry.Value is YamlScalar { Kind: YamlScalarKind.Text, Value: "noChange" } scalar) return new Located<bool>(true, scalar.Span);
        readers.Diagnostics.Add(ShapeDiagnostics.UnknownWord(
            ShapeReader.First(entry.Value), "repeat", entry.Value is YamlScalar text ? ShapeReader.Shorten(text.Value) : ShapeReader.Describe(entry.Value), ["noChange"]));
        return null;
    }

    private IReadOnlyList<YamlNode> Items(YamlEntry? entry, string expected, string example) =>
        entry is null ? [] : Shapes.Sequence(entry.Value, expected, example)?.Items ?? [];
}
