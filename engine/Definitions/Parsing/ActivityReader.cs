namespace WorkflowEngine.Definitions;

/// <summary>Reads what is special to each activity: reads, ends and control here, writes and calls in the other part.</summary>
internal sealed partial class ActivityReader(
    ShapeReader shapes, ValueReader values, QueryReader queries, ReferenceReader references, StepReader steps)
{
    public const string SetExample = "{ Name: =input.name }";

    /// <summary>All activities, in the order in which they are explained.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "lookup", "query", "aggregate", "map", "branch", "upsert", "create", "update", "delete", "sync", "merge", "forEach",
        "call", "flow", "start", "wait", "stop", "fail", "warn", "next", "http",
    ];

    private static readonly HashSet<string> NameSet = new(Names, StringComparer.Ordinal);

    public static bool IsActivity(string key) => NameSet.Contains(key);

    /// <summary>Null when what the activity itself says could not be read; that has been reported.</summary>
    public StepDefinition? Read(YamlEntry activity, KeyReader keys, SourceSpan span) => activity.Key.Value switch
    {
        "lookup" => Lookup(activity, keys, span),
        "query" => Query(activity, keys, span),
        "aggregate" => Aggregate(activity, keys, span),
        "map" => values.Block(activity, "{ email: =normalize.email(input.email) }") is { } lines
            ? new MapStep { Span = span, Activity = activity.Name, Lines = lines }
            : null,
        "branch" => Branch(activity, span),
        "upsert" => Upsert(activity, keys, span),
        "create" => Create(activity, keys, span),
        "update" => Update(activity, keys, span),
        "delete" => Delete(activity, keys, span),
        "sync" => Sync(activity, keys, span),
        "merge" => Merge(activity, keys, span),
        "forEach" => ForEach(activity, keys, span),
        "call" => Call(activity, keys, span),
        "flow" => Flow(activity, keys, span),
        "start" => Start(activity, keys, span),
        "wait" => Wait(activity, keys, span),
        "http" => Http(activity, keys, span),
        _ => End(activity, keys, span),
    };

    private LookupStep? Lookup(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var where = queries.Where(keys.Required("where", "where: { Id: =input.id }"));
        var orderBy = queries.OrderBy(keys.Optional("orderBy"));
        var orElse = shapes.Word(keys.Optional("orElse"), OrElse.None, OrElse.Later, OrElse.Stop, OrElse.Fail);
        var onSeveral = shapes.Word<OnSeveral>(keys.Optional("onSeveral"));
        var scan = shapes.Boolean(keys.Optional("scan"));
        return entity is null
            ? null
            : new LookupStep { Span = span, Activity = activity.Name, Entity = entity, Where = where, OrderBy = orderBy, OrElse = orElse, OnSeveral = onSeveral, Scan = scan };
    }

    private QueryStep? Query(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var where = queries.Where(keys.Optional("where"));
        var orderBy = queries.OrderBy(keys.Optional("orderBy"));
        var limit = shapes.Integer(keys.Optional("limit"), 1);
        var scan = shapes.Boolean(keys.Optional("scan"));
        return entity is null
            ? null
            : new QueryStep { Span = span, Activity = activity.Name, Entity = entity, Where = where, OrderBy = orderBy, Limit = limit, Scan = scan };
    }

    private AggregateStep? Aggregate(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var where = queries.Where(keys.Optional("where"));
        var groupBy = shapes.Texts(keys.Optional("groupBy"), "[customerId]");
        var sum = AggregateLines(keys.Optional("sum"));
        var min = AggregateLines(keys.Optional("min"));
        var max = AggregateLines(keys.Optional("max"));
        var scan = shapes.Boolean(keys.Optional("scan"));
        return entity is null
            ? null
            : new AggregateStep { Span = span, Activity = activity.Name, Entity = entity, Where = where, GroupBy = groupBy, Sum = sum, Min = min, Max = max, Scan = scan };
    }

    private IReadOnlyList<AggregateLine> AggregateLines(YamlEntry? entry)
    {
        if (entry is null
            || shapes.Mapping(entry.Value, $"names and fields for '{entry.Key.Value}'", $"{entry.Key.Value}: {{ total: Amount }}") is not { } mapping)
        {
            return [];
        }

        var lines = new List<AggregateLine>();
        foreach (var line in mapping.Entries)
        {
            if (shapes.Name(line.Name, "a name of a result") is { } name && shapes.Text(line.Value, line.Key.Value, "Amount") is { } field)
            {
                lines.Add(new AggregateLine(name, field));
            }
        }

        return lines;
    }

    private BranchStep? Branch(YamlEntry activity, SourceSpan span)
    {
        const string Example = "branch: [{ case: merged, when: =input.mergedToId !== null, do: [] }]";
        if (shapes.Sequence(activity.Value, "a list of cases for 'branch'", Example) is not { } sequence)
        {
            return null;
        }

        var cases = new List<BranchCase>();
        BranchOtherwise? otherwise = null;
        foreach (var item in sequence.Items)
        {
            if (shapes.Mapping(item, "a case of 'branch'", Example) is not { } mapping)
            {
                continue;
            }

            if (otherwise is not null)
            {
                shapes.Diagnostics.Add(ShapeDiagnostics.OtherwiseNotLast(otherwise.KeySpan));
            }

            if (mapping.Find("otherwise") is { } last)
            {
                var rest = new KeyReader(shapes.Diagnostics, mapping, "The case 'otherwise'");
                rest.Optional("otherwise");
                otherwise = new BranchOtherwise(mapping.Span, last.Key.Span, steps.Steps(last));
                rest.Close();
            }
            else if (Case(mapping, Example) is { } one)
            {
                cases.Add(one);
            }
        }

        return new BranchStep { Span = span, Activity = activity.Name, Cases = cases, Otherwise = otherwise };
    }

    private BranchCase? Case(YamlMapping mapping, string example)
    {
        var keys = new KeyReader(shapes.Diagnostics, mapping, "A case of 'branch'");
        var name = shapes.Text(keys.Required("case", example), "merged");
        var when = values.Condition(keys.Required("when", example));
        var inner = steps.Steps(keys.Required("do", example));
        keys.Close();
        return name is null || when is null ? null : new BranchCase(mapping.Span, name, when, inner);
    }

    private ForEachStep? ForEach(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var list = values.Expression(activity, "forEach: =lines");
        var item = shapes.Name(keys.Optional("as"), "the name of an item");
        var inner = steps.Steps(keys.Required("do", "do: [{ next: Nothing to do }]"));
        var output = values.Value(keys.Optional("output"));
        var onItemError = shapes.Word<OnItemError>(keys.Optional("onItemError"));
        var concurrency = shapes.Integer(keys.Optional("concurrency"), 1, 1000);
        return list is null
            ? null
            : new ForEachStep { Span = span, Activity = activity.Name, List = list, As = item, Do = inner, Output = output, OnItemError = onItemError, Concurrency = concurrency };
    }

    private WaitStep? Wait(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var releaseKey = shapes.Boolean(keys.Optional("releaseKey"));
        if (activity.Value is not YamlMapping mapping)
        {
            return values.Duration(activity) is { } duration
                ? new WaitStep { Span = span, Activity = activity.Name, For = duration, ReleaseKey = releaseKey }
                : null;
        }

        var inner = new KeyReader(shapes.Diagnostics, mapping, "'wait'", activity.Key.Span);
        var until = values.Expression(inner.Optional("until"), "wait: { until: =date.add(run.now, \"2d\") }");
        var review = values.Message(inner.Optional("review"), "Which of the two accounts is it?");
        inner.Exclusive("until", "review");
        if (mapping.Entries.Count == 0)
        {
            shapes.Wrong(mapping, "a duration, { until: … } or { review: … } for 'wait'", "wait: 2h");
        }

        inner.Close();
        return until is null && review is null
            ? null
            : new WaitStep { Span = span, Activity = activity.Name, Until = until, Review = review, ReleaseKey = releaseKey };
    }

    private StepDefinition? End(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var key = activity.Key.Value == "warn" ? values.Message(keys.Optional("key"), "revenue control") : null;
        if (values.Message(activity, "The customer is inactive") is not { } message)
        {
            return null;
        }

        return activity.Key.Value switch
        {
            "stop" => new StopStep { Span = span, Activity = activity.Name, Message = message },
            "fail" => new FailStep { Span = span, Activity = activity.Name, Message = message },
            "next" => new NextStep { Span = span, Activity = activity.Name, Message = message },
            _ => new WarnStep { Span = span, Activity = activity.Name, Message = message, Key = key },
        };
    }
}
