namespace WorkflowEngine.Definitions;

/// <summary>Reads triggers: one mapping, or a list of them with ids.</summary>
internal sealed class TriggerReader(ShapeReader shapes, ValueReader values, QueryReader queries, ReferenceReader references)
{
    private static readonly string[] Kinds = ["on", "schedule", "webhook", "manual"];

    public IReadOnlyList<TriggerDefinition> Triggers(YamlEntry? entry)
    {
        switch (entry?.Value)
        {
            case null or YamlScalar { Kind: YamlScalarKind.Refused }:
                return [];
            case YamlMapping mapping:
                return Trigger(mapping) is { } only ? [only] : [];
            case YamlSequence sequence:
                return List(sequence);
            default:
                shapes.Wrong(entry.Value, "what the trigger waits for", "trigger: { on: servicetitan/customer.changed }");
                return [];
        }
    }

    private List<TriggerDefinition> List(YamlSequence sequence)
    {
        var result = new List<TriggerDefinition>();
        var names = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var item in sequence.Items)
        {
            if (shapes.Mapping(item, "a trigger", "- { id: changed, on: servicetitan/customer.changed }") is not { } mapping
                || Trigger(mapping) is not { } trigger)
            {
                continue;
            }

            if (mapping.Find("id") is null && sequence.Items.Count > 1)
            {
                shapes.Diagnostics.Add(ShapeDiagnostics.TriggerWithoutId(trigger.Kind.Span));
            }
            else if (trigger.Id is { } id && !names.TryAdd(id.Value, id.Span))
            {
                shapes.Diagnostics.Add(ShapeDiagnostics.DuplicateName(id.Span, "a trigger", id.Value, names[id.Value].Start));
            }

            result.Add(trigger);
        }

        return result;
    }

    private TriggerDefinition? Trigger(YamlMapping mapping)
    {
        var kinds = mapping.Entries.Where(e => Kinds.Contains(e.Key.Value)).ToList();
        if (kinds.Count == 0)
        {
            var near = mapping.Entries.Take(100).FirstOrDefault(e => Suggestions.Best(e.Key.Value, Kinds) is not null);
            shapes.Diagnostics.Add(ShapeDiagnostics.NoTriggerKind(near?.Key.Span ?? ShapeReader.First(mapping), near?.Key.Value, Kinds));
            return null;
        }

        if (kinds.Count > 1)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.SeveralTriggerKinds(kinds[1].Key.Span, kinds[0].Key.Value, kinds[1].Key.Value));
            return null;
        }

        var kind = kinds[0].Name;
        var keys = new KeyReader(shapes.Diagnostics, mapping, $"A trigger with '{kind.Value}'", kind.Span);
        keys.Optional(kind.Value);
        var trigger = kind.Value switch
        {
            "on" => Entity(keys, kinds[0], mapping.Span),
            "schedule" => Schedule(keys, kinds[0], mapping.Span),
            "webhook" => Webhook(keys, kinds[0], mapping.Span),
            _ => Manual(kinds[0], mapping.Span),
        };
        var id = shapes.Name(keys.Optional("id"), "the id of a trigger");
        var with = values.With(keys.Optional("with"));
        var every = values.Duration(keys.Optional("every"));
        var filter = values.Condition(keys.Optional("filter"));
        var sticky = shapes.Boolean(keys.Optional("sticky"));
        var latestOnly = shapes.Boolean(keys.Optional("latestOnly"));
        var onlyWhenChanged = shapes.Boolean(keys.Optional("onlyWhenChanged"));
        var since = values.Value(keys.Optional("since"));
        keys.Close();
        return trigger is null
            ? null
            : trigger with
            {
                Id = id,
                With = with,
                Every = every,
                Filter = filter,
                Sticky = sticky,
                LatestOnly = latestOnly,
                OnlyWhenChanged = onlyWhenChanged,
                Since = since,
            };
    }

    private TriggerDefinition? Entity(KeyReader keys, YamlEntry kind, SourceSpan span)
    {
        var becomes = queries.Where(keys.Optional("becomes"));
        return references.Event(kind) is { } on ? new EntityTrigger { Span = span, Kind = kind.Name, On = on, Becomes = becomes } : null;
    }

    private TriggerDefinition? Schedule(KeyReader keys, YamlEntry kind, SourceSpan span)
    {
        var schedule = values.Message(kind, "'0 2 * * *'");
        var timeZone = values.Message(keys.Optional("timeZone"), "America/Denver");
        var source = references.Event(keys.Optional("for"));
        var after = shapes.Text(keys.Optional("after"), "drained");
        if (after is not null && after.Value != "drained")
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.UnknownWord(after.Span, "after", ShapeReader.Shorten(after.Value), ["drained"]));
            after = null;
        }

        return schedule is null
            ? null
            : new ScheduleTrigger { Span = span, Kind = kind.Name, Schedule = schedule, TimeZone = timeZone, For = source, After = after };
    }

    private TriggerDefinition? Webhook(KeyReader keys, YamlEntry kind, SourceSpan span)
    {
        var eventId = values.Value(keys.Optional("eventId"));
        return shapes.FileName(kind, "the name of a webhook") is { } name
            ? new WebhookTrigger { Span = span, Kind = kind.Name, Name = name, EventId = eventId }
            : null;
    }

    private TriggerDefinition? Manual(YamlEntry kind, SourceSpan span)
    {
        if (shapes.Boolean(kind) is { Value: false } no)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.UnknownWord(no.Span, "manual", "false", ["true"]));
        }

        return new ManualTrigger { Span = span, Kind = kind.Name };
    }
}
