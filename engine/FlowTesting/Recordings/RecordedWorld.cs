using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.FlowTesting;

/// <summary>The records a run stood on, read again: what it read, what it changed, and what those hang on. What it made is left out, and what it wrote into a record as well.</summary>
internal sealed class RecordedWorld(CompiledFlow flow, RecordedRun run, RecordedRecord read)
{
    private const int Most = 60;

    /// <summary>Kept by the system itself: nobody enters them.</summary>
    private static readonly string[] Stamps = ["modifiedOn", "createdOn", "balanceModifiedOn", "createdById", "active"];

    /// <summary>What tells records apart that an org has and no flow makes: its people, queues and record types.</summary>
    private static readonly string[] Named = ["LastName", "Username", "Email", "IsActive", "Name", "DeveloperName", "SobjectType", "Type"];

    /// <summary>These get a number of their own from the system they are entered in.</summary>
    private static readonly string[] Numbered = ["customerContact", "locationContact", "review", "technicianRating"];

    /// <summary>Parents that ServiceTitan shows as objects and is told by their id.</summary>
    private static readonly string[] ShownParents = ["customer", "job", "location", "businessUnit"];

    /// <summary>What people enter of a line of an invoice.</summary>
    private static readonly string[] OfItems = ["id", "type", "skuName", "displayName", "quantity", "price", "total"];

    private readonly Dictionary<(string Connection, string Entity, string Id), Wanted> _wishes = [];
    private readonly Queue<(string Connection, string Entity, string Id)> _waiting = new();

    /// <summary>The records, each with its connection and its entity, parents first.</summary>
    public List<Found> Records { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Ids of all records, and those their fields name.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    public async Task ReadAsync(PlanTrigger trigger, CancellationToken cancellationToken)
    {
        var made = run.Steps.Where(s => s is { Did: "created", Id: not null }).Select(s => s.Id!).ToHashSet(StringComparer.Ordinal);
        Wish(trigger.Connection!, trigger.Entity!, run.Record!, trigger.Fields.Count > 0 ? trigger.Fields : [.. trigger.Entity!.Fields.Where(f => f.Creatable).Select(f => f.Name)], []);
        foreach (var step in run.Steps.Where(s => s.Entity is not null))
        {
            var instruction = flow.Instructions.FirstOrDefault(i => i.Step.Name == step.Step);
            if (instruction is ReadInstruction reading)
            {
                foreach (var id in step.Ids.Where(i => !made.Contains(i))) Wish(reading.Connection, reading.Entity, id, reading.Fields, []);
            }
            else if (instruction is WriteInstruction write && step.Id is { } id && step.Did != "created" && !made.Contains(id))
            {
                // What it was found by stood there before; the rest of what it wrote did not, as far as anybody knows.
                var keys = write is UpsertInstruction upsert ? upsert.Rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths).ToHashSet(StringComparer.Ordinal) : [];
                Wish(write.Connection, write.Entity, id, write.Select, [.. step.Fields.Where(f => !keys.Contains(f))]);
            }
        }

        foreach (var parameter in flow.Parameters.Where(p => p is { Connection: not null, Type: { Kind: FieldKind.Id, Entity: not null } }))
        {
            if (run.Parameters?[parameter.Name]?.ToString() is { Length: > 0 } id && Describe(parameter.Connection!, parameter.Type.Entity!) is { } entity) Wish(parameter.Connection!, entity, id, [], []);
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
        if (await read(what.Connection, what.Entity, what.Id, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            Notes.Add($"{what.Entity} {what.Id} is gone, or cannot be read: the test has none.");
            return;
        }

        var entity = wish.Entity;
        var kept = new JsonObject();
        if (!Numbered.Contains(what.Entity)) kept[entity.IdField] = record[entity.IdField]?.DeepClone();
        foreach (var field in entity.Fields.Where(f => f.Name != entity.IdField && record[f.Name] is not null && !Stamps.Contains(f.Name)))
        {
            if (flow.Connections[what.Connection] == "salesforce" && !(entity.Creatable ? field.Creatable : Named.Contains(field.Name) && (field.Name != "Name" || record["LastName"] is null))) continue;
            var isWished = !entity.Creatable || wish.Fields.Any(f => f == field.Name || f.StartsWith(field.Name + ".", StringComparison.Ordinal));
            if ((!isWished && !field.RequiredOnCreate) || (wish.Without.Contains(field.Name) && !field.RequiredOnCreate)) continue;
            if (record[field.Name] is JsonValue value && value.ToString() == "•••") continue;
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
            Ids.Add(parent);
            if (Describe(what.Connection, target) is { } described) Wish(what.Connection, described, parent, [], []);
        }

        Ids.Add(what.Id);
        Records.Add(new Found(what.Connection, entity, what.Id, kept));
    }

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
        public bool HangsOn(string id) => Fields.Any(f => f.Key != Entity.IdField && f.Value is JsonValue value && value.ToString() == id);
    }
}
