namespace WorkflowEngine.Definitions;

/// <summary>Reads lists of steps: finds each step's activity, reads what all steps have, and hands the rest to <see cref="ActivityReader"/>.</summary>
internal sealed class StepReader
{
    // So many keys of a step without an activity are compared with the activities' names.
    private const int MostLooked = 100;

    private readonly ShapeReader shapes;
    private readonly ValueReader values;
    private readonly ActivityReader activities;

    public StepReader(ShapeReader shapes, ValueReader values, QueryReader queries, ReferenceReader references)
    {
        this.shapes = shapes;
        this.values = values;
        activities = new ActivityReader(shapes, values, queries, references, this);
    }

    public IReadOnlyList<StepDefinition> Steps(YamlEntry? entry)
    {
        if (entry is null
            || shapes.Sequence(entry.Value, $"a list of steps for '{entry.Key.Value}'", $"{entry.Key.Value}: [{{ stop: Nothing to do }}]") is not { } sequence)
        {
            return [];
        }

        var steps = new List<StepDefinition>(sequence.Items.Count);
        foreach (var item in sequence.Items)
        {
            if (shapes.Diagnostics.IsFull)
            {
                break;
            }

            if (Step(item) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    private StepDefinition? Step(YamlNode node)
    {
        if (shapes.Mapping(node, "a step", "- { id: lines, query: servicetitan/customerContact }") is not { } mapping)
        {
            return null;
        }

        var found = mapping.Entries.Where(e => ActivityReader.IsActivity(e.Key.Value)).Take(2).ToList();
        if (found.Count == 0)
        {
            var near = mapping.Entries.Take(MostLooked).FirstOrDefault(e => Suggestions.Best(e.Key.Value, ActivityReader.Names) is not null);
            shapes.Diagnostics.Add(ShapeDiagnostics.NoActivity(near?.Key.Span ?? ShapeReader.First(mapping), near?.Key.Value, ActivityReader.Names));
            return null;
        }

        if (found.Count > 1)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.SeveralActivities(found[1].Key.Span, found[0].Key.Value, found[1].Key.Value));
            return null;
        }

        var activity = found[0];
        var keys = new KeyReader(shapes.Diagnostics, mapping, $"A step with '{activity.Key.Value}'", activity.Key.Span);
        var id = shapes.Name(keys.Optional("id"), "the id of a step");
        var condition = values.Condition(keys.Optional("if"));
        keys.Optional(activity.Key.Value);
        var step = activities.Read(activity, keys, mapping.Span);
        var retry = Retry(keys.Optional("retry"));
        var timeout = shapes.Duration(keys.Optional("timeout"));
        var onError = OnError(keys.Optional("onError"));
        var options = values.Block(keys.Optional("options"), "{ duplicateRule: allow }");
        var note = shapes.Text(keys.Optional("note"), "why this step is here");
        var was = shapes.Texts(keys.Optional("was"), "[oldId]");
        keys.Close();
        return step is null
            ? null
            : step with { Id = id, If = condition, Retry = retry, Timeout = timeout, OnError = onError, Options = options, Note = note, Was = was };
    }

    private RetryDefinition? Retry(YamlEntry? entry)
    {
        const string Example = "retry: { attempts: 8, first: 30s, most: 1h }";
        if (entry is null || shapes.Mapping(entry.Value, "attempts and pauses for 'retry'", Example) is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, "'retry'", entry.Key.Span);
        var attempts = shapes.Integer(keys.Optional("attempts"), 1, 100);
        var first = shapes.Duration(keys.Optional("first"));
        var most = shapes.Duration(keys.Optional("most"));
        keys.Close();
        return new RetryDefinition(mapping.Span, attempts, first, most);
    }

    private IReadOnlyList<ErrorCase> OnError(YamlEntry? entry)
    {
        const string Example = "onError: [{ kind: rejected, then: continue }]";
        if (entry is null || shapes.Sequence(entry.Value, "a list of cases for 'onError'", Example) is not { } sequence)
        {
            return [];
        }

        var cases = new List<ErrorCase>();
        foreach (var item in sequence.Items)
        {
            if (shapes.Mapping(item, "a case of 'onError'", Example) is not { } mapping)
            {
                continue;
            }

            var keys = new KeyReader(shapes.Diagnostics, mapping, "A case of 'onError'");
            var kinds = shapes.Texts(keys.Optional("kind"), "rejected");
            var codes = shapes.Texts(keys.Optional("code"), "INACTIVE_OWNER_OR_USER");
            var steps = Steps(keys.Optional("do"));
            var again = Again(keys.Optional("again"));
            var then = shapes.Word<ErrorThen>(keys.Optional("then"));
            keys.Close();
            cases.Add(new ErrorCase(mapping.Span, kinds, codes, steps, again, then));
        }

        return cases;
    }

    private AgainDefinition? Again(YamlEntry? entry)
    {
        const string Example = "again: { setOnCreate: { OwnerId: =params.queue } }";
        if (entry is null || shapes.Mapping(entry.Value, "changed lines for 'again'", Example) is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, "'again'", entry.Key.Span);
        var set = values.Block(keys.Optional("set"), ActivityReader.SetExample);
        var setOnCreate = values.Block(keys.Optional("setOnCreate"), ActivityReader.SetExample);
        var setOnUpdate = values.Block(keys.Optional("setOnUpdate"), ActivityReader.SetExample);
        var options = values.Block(keys.Optional("options"), "{ duplicateRule: allow }");
        keys.Close();
        return new AgainDefinition(mapping.Span, set, setOnCreate, setOnUpdate, options);
    }
}
