using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>The records a run stood on, read again: what it read, what it changed, and what those hang on. What it made is left out, and what it wrote into a record as well.</summary>
internal sealed class RecordedWorld(CompiledFlow flow, RecordedRun run, RecordedRecords read)
{
    private const int Most = 60;

    /// <summary>Kept by the system itself: nobody enters them.</summary>
    private static readonly string[] Stamps = ["modifiedOn", "createdOn", "balanceModifiedOn", "createdById"];

    /// <summary>What tells records apart that an org has and no flow makes: its people, queues and record types.</summary>
    private static readonly string[] Named = ["LastName", "Username", "Email", "IsActive", "Name", "DeveloperName", "SobjectType", "Type"];

    /// <summary>These get a number of their own from the system they are entered in.</summary>
    private static readonly string[] Numbered = ["customerContact", "locationContact", "jobNote", "review", "technicianRating"];

    /// <summary>Parents that ServiceTitan shows as objects and is told by their id.</summary>
    private static readonly string[] ShownParents = ["customer", "job", "location", "businessUnit"];

    /// <summary>What people enter of a line of an invoice.</summary>
    private static readonly string[] OfItems = ["id", "type", "skuName", "displayName", "quantity", "price", "total"];

    private readonly Dictionary<(string Connection, string Entity, string Id), Wanted> _wishes = [];
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly Queue<(string Connection, string Entity, string Id)> _waiting = new();

    private readonly Dictionary<(string Connection, string Entity, string Field, string Parent), IReadOnlyList<JsonObject>> _below = [];

    /// <summary>The records, each with its connection and its entity, parents first.</summary>
    public List<Found> Records { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Ids of all records, and those their fields name.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    public async Task ReadAsync(PlanTrigger? trigger, CancellationToken cancellationToken)
    {
        _made.UnionWith(run.Steps.Where(s => s is { Did: "created", Id: not null }).Select(s => s.Id!));
        if (trigger is not null) Wish(trigger.Connection!, trigger.Entity!, run.Record!, trigger.Fields.Count > 0 ? trigger.Fields : [.. trigger.Entity!.Fields.Where(f => f.Creatable).Select(f => f.Name)], []);
        foreach (var id in Texts(run.Input)) Ids.Add(id);
        foreach (var field in flow.Input.Fields) WishNamed(field.Type, run.Input?[field.Name]);

        foreach (var step in run.Steps.Where(s => s.Entity is not null))
        {
            // A step with a condition has an instruction for that as well.
            var instruction = flow.Instructions.FirstOrDefault(i => i.Step.Name == step.Step && i is (ReadInstruction or AggregateInstruction or WriteInstruction or SyncInstruction));
            if (instruction is SyncInstruction sync) instruction = sync.Upsert;
            if (instruction is AggregateInstruction)
            {
                Notes.Add($"The step '{step.Step}' sums records that the run does not name: what it found here may be less.");
            }
            else if (instruction is ReadInstruction reading)
            {
                foreach (var id in step.Ids.Where(i => !_made.Contains(i))) Wish(reading.Connection, reading.Entity, id, [.. reading.Fields, .. StepFields.PathsOf(reading.Where)], []);
            }
            else if (instruction is WriteInstruction { Connection: var at } told && step.Id is { } wrote && References(told).Where(l => step.Fields.Contains(l.Path)).ToList() is [_, ..] references)
            {
                // A parent named by its key was not read by the run: the record names it now.
                if (await read(at, told.Entity.Name, told.Entity.IdField, wrote, cancellationToken).ConfigureAwait(false) is [var now, ..])
                {
                    foreach (var line in references)
                    {
                        if (now[line.Path]?.ToString() is { Length: > 0 } parent && Describe(at, line.Reference!.Entity) is { } of) Wish(at, of, parent, [line.Reference.By.Name], []);
                    }
                }
            }

            if (instruction is WriteInstruction write && step.Id is { } changed && step.Did != "created" && !_made.Contains(changed))
            {
                // What it was found by stood there before; the rest of what it wrote did not, as far as anybody knows.
                HashSet<string> keys = write switch
                {
                    UpsertInstruction upsert => [.. upsert.Rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths)],
                    ChangeInstruction change => [.. StepFields.PathsOf(change.Where)],
                    _ => [],
                };
                // An adopted record had no key yet.
                if (write is UpsertInstruction { Rules: [var first, ..] }) keys.ExceptWith(first.Terms.SelectMany(t => t.Paths).Where(step.Fields.Contains));
                Wish(write.Connection, write.Entity, changed, [.. write.Select, .. keys], [.. step.Fields.Where(f => !keys.Contains(f))]);
            }
        }

        foreach (var parameter in flow.Parameters.Where(p => p is { Connection: not null, Type: { Kind: FieldKind.Id, Entity: not null } }))
        {
            if (run.Parameters?[parameter.Name]?.ToString() is { Length: > 0 } id && Describe(parameter.Connection!, parameter.Type.Entity!) is { } entity) Wish(parameter.Connection!, entity, id, [], []);
        }

        foreach (var table in flow.Tables)
        {
            var rows = run.Tables?[table.Name] is JsonArray list ? list : run.Tables?[table.Name]?["rows"] as JsonArray;
            foreach (var row in rows?.OfType<JsonObject>() ?? [])
            {
                WishNamed(table.Key, row["key"]);
                foreach (var column in table.Columns) WishNamed(column.Type, row[column.Name]);
            }
        }

        while (_waiting.TryDequeue(out var next))
        {
            if (Records.Count >= Most)
            {
                Notes.Add($"Only {Most} records are given; what hangs on further ones is missing.");
                break;
            }

            await TakeAsync(next, _wishes[next], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync((string Connection, string Entity, string Id) what, Wanted wish, CancellationToken cancellationToken)
    {
        if (await FindAsync(what, wish.Entity, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            Notes.Add($"{what.Entity} {what.Id} is gone, or cannot be read: the test has none.");
            return;
        }

        var entity = wish.Entity;
        var kept = new JsonObject();
        var members = flow.Connections[what.Connection] == "servicetitan" ? TenantRecords.MembersOf(what.Entity) : null;
        if (!Numbered.Contains(what.Entity)) kept[entity.IdField] = record[entity.IdField]?.DeepClone();
        foreach (var field in entity.Fields.Where(f => f.Name != entity.IdField && record[f.Name] is not null && !Stamps.Contains(f.Name)))
        {
            if (flow.Connections[what.Connection] == "salesforce" && !(entity.Creatable ? field.Creatable : Named.Contains(field.Name) && (field.Name != "Name" || record["LastName"] is null))) continue;
            var isWished = !entity.Creatable || wish.Fields.Any(f => f == field.Name || f.StartsWith(field.Name + ".", StringComparison.Ordinal));
            if (members is not null && !members.Contains(field.Name) && !members.Contains(field.Name + "Id") && field.Name is not ("custom" or "external" or "items")) continue;
            // What every record has, and what a system says of a record that is no longer used.
            isWished |= field.Name == "Name" || (field.Name is "active" or "IsActive" && record[field.Name]!.GetValueKind() == JsonValueKind.False);
            if (field.Name == "active" && record[field.Name]!.GetValueKind() == JsonValueKind.True) continue;
            if (field.Name == "Name" && entity.Creatable)
            {
                kept[field.Name] = record[field.Name]!.DeepClone();
                continue;
            }

            if ((!isWished && !field.RequiredOnCreate) || (wish.Without.Contains(field.Name) && !field.RequiredOnCreate)) continue;
            if (record[field.Name] is JsonValue value && value.ToString() == Redaction.Hidden) continue;
            if (what.Entity is "invoice" or "payment" && record[field.Name] is JsonObject { Count: > 0 } shown && ShownParents.Contains(field.Name))
            {
                if (shown["id"]?.ToString() is not { Length: > 0 } told) continue;
                Ids.Add(told);
                kept[field.Name + "Id"] = told;
                if (Describe(what.Connection, field.Name) is { } owner) Wish(what.Connection, owner, told, [], []);
                continue;
            }

            kept[field.Name] = record[field.Name]!.DeepClone();
            if (field.Name == "items" && kept["items"] is JsonArray items)
            {
                foreach (var item in items.OfType<JsonObject>())
                {
                    foreach (var other in item.Select(i => i.Key).Where(k => !OfItems.Contains(k) || item[k] is null).ToList()) item.Remove(other);
                    if (item["id"]?.ToString() is { Length: > 0 } number) Ids.Add(number);
                }
            }

            if (field.Type is not { Kind: FieldKind.Id, Entity: { } target } || kept[field.Name]!.ToString() is not { Length: > 0 } parent) continue;
            // What stands below a record that the run made came with it.
            if (_made.Contains(parent) && flow.Connections[what.Connection] == "servicetitan") return;
            // ServiceTitan's word for none.
            if (parent == "0" || _made.Contains(parent))
            {
                kept.Remove(field.Name);
                continue;
            }

            Ids.Add(parent);
            if (Describe(what.Connection, target) is { } described) Wish(what.Connection, described, parent, [], []);
        }

        Ids.Add(what.Id);
        Records.Add(new Found(what.Connection, entity, what.Id, kept));
    }

    /// <summary>A record that an input or a row of a table names.</summary>
    private void WishNamed(FieldType type, JsonNode? value)
    {
        if (type is not { Kind: FieldKind.Id, Entity: { } entity } || value?.ToString() is not { Length: > 0 } id || !id.Any(char.IsAsciiDigit)) return;
        Ids.Add(id);
        var name = entity[(entity.IndexOf('/', StringComparison.Ordinal) + 1)..];
        foreach (var connection in flow.Connections.Keys)
        {
            if (Describe(connection, name) is { Queryable: true } described) Wish(connection, described, id, [], []);
        }
    }

    private static IEnumerable<PlanFieldLine> References(WriteInstruction write) =>
        (write is UpsertInstruction upsert ? write.Set.Concat(upsert.SetOnCreate).Concat(upsert.SetOnUpdate) : write.Set).Where(l => l.Reference is not null);

    /// <summary>By its id; what can only be asked for below another record, below those that are known.</summary>
    private async Task<JsonObject?> FindAsync((string Connection, string Entity, string Id) what, EntityDescriptor entity, CancellationToken cancellationToken)
    {
        if (await read(what.Connection, what.Entity, entity.IdField, what.Id, cancellationToken).ConfigureAwait(false) is [var found, ..]) return found;
        foreach (var field in entity.Fields.Where(f => f.Type is { Kind: FieldKind.Id, Entity: not null } && f.Name != entity.IdField))
        {
            foreach (var (parent, _) in _wishes.Where(w => w.Key.Connection == what.Connection && w.Key.Entity == field.Type.Entity).ToList())
            {
                var asked = (what.Connection, what.Entity, field.Name, parent.Id);
                if (!_below.TryGetValue(asked, out var rows)) _below[asked] = rows = await read(what.Connection, what.Entity, field.Name, parent.Id, cancellationToken).ConfigureAwait(false);
                if (rows.FirstOrDefault(r => r[entity.IdField]?.ToString() == what.Id) is { } below) return below;
            }
        }

        return null;
    }

    /// <summary>Texts of an input: the ids among them stay what they are.</summary>
    private static IEnumerable<string> Texts(JsonNode? input) => input switch
    {
        JsonObject part => part.SelectMany(p => Texts(p.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue text when text.TryGetValue<string>(out var words) && words.Length > 0 && words.All(c => char.IsAsciiLetterOrDigit(c)) && words.Any(char.IsAsciiDigit) => [words],
        _ => [],
    };

    private void Wish(string connection, EntityDescriptor entity, string id, IReadOnlyList<string> fields, IReadOnlyList<string> without)
    {
        var what = (connection, entity.Name, id);
        if (!_wishes.TryGetValue(what, out var wish))
        {
            _wishes[what] = wish = new Wanted(entity, [], []);
            _waiting.Enqueue(what);
        }

        wish.Fields.UnionWith(fields);
        wish.Without.UnionWith(without);
    }

    private EntityDescriptor? Describe(string connection, string entity) =>
        flow.Entities.GetValueOrDefault(connection)?.FirstOrDefault(e => e.Name == entity)
        ?? FlowTestRunner.Connectors.First(c => c.Descriptor.Name == flow.Connections[connection]).Descriptor.Entity(entity);

    private sealed record Wanted(EntityDescriptor Entity, HashSet<string> Fields, HashSet<string> Without);

    /// <summary>One record, with the fields a test gives.</summary>
    internal sealed record Found(string Connection, EntityDescriptor Entity, string Id, JsonObject Fields)
    {
        /// <summary>What can only come after all is given: nobody owns anything once he has left, and who was merged was there before.</summary>
        private string? Last => Entity.Name == "User" && Fields["IsActive"]?.GetValueKind() == JsonValueKind.False ? "IsActive"
            : Entity.Name == "customer" && Fields["mergedToId"] is not null ? "mergedToId" : null;

        public JsonObject GivenFields => Last is { } last ? new JsonObject(Fields.Where(f => f.Key != last && f.Key != "active").Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))) : Fields;

        public JsonObject? LeftFields => Last is { } last ? new JsonObject { [Entity.IdField] = Id, [last] = Fields[last]?.DeepClone() } : null;

        public bool HangsOn(string id) => Fields.Any(f => f.Key != Entity.IdField && f.Value is JsonValue value && value.ToString() == id);
    }
}
