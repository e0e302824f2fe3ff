namespace WorkflowEngine.Definitions;

internal sealed partial class ActivityReader
{
    private const string MatchExample = "match: [[ServiceTitan_Customer_Id__c]]";

    private UpsertStep? Upsert(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var match = queries.Match(keys.Required("match", MatchExample));
        var set = values.Block(keys.Optional("set"), SetExample);
        var setOnCreate = values.Block(keys.Optional("setOnCreate"), SetExample);
        var setOnUpdate = values.Block(keys.Optional("setOnUpdate"), SetExample);
        var setFrom = shapes.Text(keys.Optional("setFrom"), "mappings/account.yaml");
        var empty = shapes.Word<EmptyRule>(keys.Optional("empty"));
        var adopt = values.Condition(keys.Optional("adopt"));
        var onAmbiguous = shapes.Word<OnAmbiguous>(keys.Optional("onAmbiguous"));
        var onOwned = shapes.Word<OnOwned>(keys.Optional("onOwned"));
        var onDeleted = shapes.Word<OnDeleted>(keys.Optional("onDeleted"));
        var skipUnchanged = shapes.Boolean(keys.Optional("skipUnchanged"));
        return entity is null
            ? null
            : new UpsertStep
            {
                Span = span,
                Activity = activity.Name,
                Entity = entity,
                Match = match,
                Set = set,
                SetOnCreate = setOnCreate,
                SetOnUpdate = setOnUpdate,
                SetFrom = setFrom,
                Empty = empty,
                Adopt = adopt,
                OnAmbiguous = onAmbiguous,
                OnOwned = onOwned,
                OnDeleted = onDeleted,
                SkipUnchanged = skipUnchanged,
            };
    }

    private CreateStep? Create(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var once = values.Block(keys.Optional("once"), "{ ServiceTitan_Event_Key__c: =input.id }");
        var set = values.Block(keys.Optional("set"), SetExample);
        var setFrom = shapes.Text(keys.Optional("setFrom"), "mappings/task.yaml");
        var empty = shapes.Word<EmptyRule>(keys.Optional("empty"));
        return entity is null
            ? null
            : new CreateStep { Span = span, Activity = activity.Name, Entity = entity, Once = once, Set = set, SetFrom = setFrom, Empty = empty };
    }

    private UpdateStep? Update(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var (record, where, all) = Target(keys);
        var set = values.Block(keys.Optional("set"), SetExample);
        var setFrom = shapes.Text(keys.Optional("setFrom"), "mappings/account.yaml");
        if (set is null && setFrom is null && keys.Map.Find("set") is null && keys.Map.Find("setFrom") is null)
        {
            keys.Required("set", $"set: {SetExample}");
        }

        var empty = shapes.Word<EmptyRule>(keys.Optional("empty"));
        var orElse = shapes.Word(keys.Optional("orElse"), OrElse.None, OrElse.Later, OrElse.Stop, OrElse.Fail);
        var skipUnchanged = shapes.Boolean(keys.Optional("skipUnchanged"));
        var scan = shapes.Boolean(keys.Optional("scan"));
        return entity is null
            ? null
            : new UpdateStep
            {
                Span = span,
                Activity = activity.Name,
                Entity = entity,
                Record = record,
                Where = where,
                All = all,
                Set = set,
                SetFrom = setFrom,
                Empty = empty,
                OrElse = orElse,
                SkipUnchanged = skipUnchanged,
                Scan = scan,
            };
    }

    private DeleteStep? Delete(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var (record, where, all) = Target(keys);
        var orElse = shapes.Word(keys.Optional("orElse"), OrElse.None, OrElse.Later, OrElse.Stop, OrElse.Fail);
        var scan = shapes.Boolean(keys.Optional("scan"));
        return entity is null
            ? null
            : new DeleteStep { Span = span, Activity = activity.Name, Entity = entity, Record = record, Where = where, All = all, OrElse = orElse, Scan = scan };
    }

    private (ValueDefinition? Record, WhereClause? Where, Located<bool>? All) Target(KeyReader keys)
    {
        keys.Exclusive("record", "where");
        var whereEntry = keys.Optional("where");
        var recordEntry = whereEntry is null ? keys.Required("record", "record: =account.id (or where: { … })") : keys.Optional("record");
        return (values.Value(recordEntry), queries.Where(whereEntry), shapes.Boolean(keys.Optional("all")));
    }

    private SyncStep? Sync(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var within = values.Block(keys.Required("within", "within: { ServiceTitan_Account__c: =account.id }"), "{ ServiceTitan_Account__c: =account.id }");
        var each = values.Expression(keys.Required("each", "each: =sites"), "each: =sites");
        var item = shapes.Name(keys.Optional("as"), "the name of an item");
        var match = queries.Match(keys.Required("match", MatchExample));
        var set = values.Block(keys.Optional("set"), SetExample);
        var setOnCreate = values.Block(keys.Optional("setOnCreate"), SetExample);
        var setOnUpdate = values.Block(keys.Optional("setOnUpdate"), SetExample);
        var setFrom = shapes.Text(keys.Optional("setFrom"), "mappings/location.yaml");
        var empty = shapes.Word<EmptyRule>(keys.Optional("empty"));
        var missing = Missing(keys.Optional("missing"));
        return entity is null
            ? null
            : new SyncStep
            {
                Span = span,
                Activity = activity.Name,
                Entity = entity,
                Within = within,
                Each = each,
                As = item,
                Match = match,
                Set = set,
                SetOnCreate = setOnCreate,
                SetOnUpdate = setOnUpdate,
                SetFrom = setFrom,
                Empty = empty,
                Missing = missing,
            };
    }

    private MissingDefinition? Missing(YamlEntry? entry)
    {
        if (entry?.Value is YamlMapping mapping)
        {
            var keys = new KeyReader(shapes.Diagnostics, mapping, "'missing'", entry.Key.Span);
            var set = values.Block(keys.Required("set", "missing: { set: { Active__c: false } }"), "{ Active__c: false }");
            keys.Close();
            return set is null ? null : new MissingDefinition(mapping.Span, MissingRule.Set, set);
        }

        return shapes.Word(entry, MissingRule.Keep, MissingRule.Delete) is { } word ? new MissingDefinition(word.Span, word.Value, null) : null;
    }

    private MergeStep? Merge(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var entity = references.Entity(activity);
        var keep = values.Value(keys.Required("keep", "keep: =surviving.Id"));
        var remove = values.Value(keys.Required("remove", "remove: =losing.Id"));
        var survivorship = values.Block(keys.Optional("survivorship"), "{ Phone: filled }");
        var because = values.Value(keys.Optional("because"));
        foreach (var line in survivorship?.Lines ?? [])
        {
            if (line.Value is not ExpressionValue && line.Value is not LiteralValue { Text: "keep" or "filled" or "newest" or "oldest" or "longest" })
            {
                shapes.Diagnostics.Add(ShapeDiagnostics.UnknownWord(
                    line.Value.Span, line.Name.Value, ShapeReader.Shorten(line.Value.Span.Text), ["keep", "filled", "newest", "oldest", "longest"]));
            }
        }

        return entity is null
            ? null
            : new MergeStep { Span = span, Activity = activity.Name, Entity = entity, Keep = keep, Remove = remove, Survivorship = survivorship, Because = because };
    }

    private CallStep? Call(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var operation = references.Operation(activity);
        var with = values.With(keys.Optional("with"));
        var once = values.Block(keys.Optional("once"), "{ externalId: =input.id }");
        return operation is null ? null : new CallStep { Span = span, Activity = activity.Name, Operation = operation, With = with, Once = once };
    }

    private FlowStep? Flow(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var flow = shapes.FileName(activity, "the name of a flow");
        var with = values.With(keys.Optional("with"));
        return flow is null ? null : new FlowStep { Span = span, Activity = activity.Name, Flow = flow, With = with };
    }

    private StartStep? Start(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        var flow = shapes.FileName(activity, "the name of a flow");
        var key = values.Value(keys.Required("key", "key: =invoice.job.id"));
        var with = values.With(keys.Optional("with"));
        var at = values.Value(keys.Optional("at"));
        return flow is null ? null : new StartStep { Span = span, Activity = activity.Name, Flow = flow, Key = key, With = with, At = at };
    }

    private HttpStep? Http(YamlEntry activity, KeyReader keys, SourceSpan span)
    {
        string[] methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        var connection = shapes.Text(activity, "billing");
        var method = shapes.Text(keys.Optional("method"), "POST");
        if (method is not null && !methods.Contains(method.Value))
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.UnknownWord(method.Span, "method", ShapeReader.Shorten(method.Value), methods));
        }

        var path = values.Message(keys.Required("path", "path: /v1/invoices"), "/v1/invoices");
        var parameters = values.Block(keys.Optional("parameters"), "{ page: 1 }");
        var headers = values.Block(keys.Optional("headers"), "{ Accept: application/json }");
        var body = values.Value(keys.Optional("body"));
        var once = values.Block(keys.Optional("once"), "{ Idempotency-Key: =input.id }");
        return connection is null
            ? null
            : new HttpStep
            {
                Span = span,
                Activity = activity.Name,
                Connection = connection,
                Method = method,
                Path = path,
                Parameters = parameters,
                Headers = headers,
                Body = body,
                Once = once,
            };
    }
}
