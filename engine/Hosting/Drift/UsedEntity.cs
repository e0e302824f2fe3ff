using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Hosting;

/// <summary>What a flow uses of one entity of one connection.</summary>
internal sealed class UsedEntity
{
    private UsedEntity(string connection, string entity) => (Connection, Entity) = (connection, entity);

    /// <summary>The flow's name of the connection.</summary>
    public string Connection { get; }

    public string Entity { get; }

    /// <summary>Each field it reads or writes, with the first line that says so.</summary>
    public Dictionary<string, SourcePlace> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>The first step that creates records; null when none does.</summary>
    public SourcePlace? Creates { get; private set; }

    /// <summary>The entities a flow uses, parents that its paths lead through included.</summary>
    public static IReadOnlyList<UsedEntity> Of(CompiledFlow flow)
    {
        var used = new Dictionary<(string, string), UsedEntity>();
        foreach (var trigger in flow.Triggers)
        {
            if (trigger is not { Connection: { } connection, Entity: { } entity }) continue;
            foreach (var path in trigger.Reads.Concat(trigger.Fields).Concat(StepFields.PathsOf(trigger.Becomes))) Add(new FieldUse(connection, entity.Name, path, trigger.Place));
        }

        foreach (var instruction in flow.Instructions.SelectMany(i => i.Step.OnError.Select(c => c.Again).OfType<Instruction>().Prepend(i)))
        {
            foreach (var use in StepFields.Of(instruction)) Add(use);
            var write = instruction is SyncInstruction sync ? sync.Upsert : instruction as WriteInstruction;
            if (write is UpsertInstruction or CreateInstruction) At(write.Connection, write.Entity.Name).Creates ??= write.Step.Place;
        }

        return [.. used.Values];

        UsedEntity At(string connection, string entity)
        {
            if (!used.TryGetValue((connection, entity), out var known)) used[(connection, entity)] = known = new UsedEntity(connection, entity);
            return known;
        }

        void Add(FieldUse use)
        {
            var at = At(use.Connection, use.Entity);
            var dot = use.Path.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                at.Fields.TryAdd(use.Path, use.Place);
                return;
            }

            // Through a reference to the parent; what stands inside an object or a list of the record belongs to that field.
            var head = use.Path[..dot];
            var reference = flow.Entities.GetValueOrDefault(use.Connection)?.FirstOrDefault(e => e.Name == use.Entity)?.Fields.FirstOrDefault(f => f.Relationship == head);
            at.Fields.TryAdd(reference?.Name ?? head, use.Place);
            if (reference?.Type is { Kind: FieldKind.Id, Entity: { } parent }) Add(new FieldUse(use.Connection, parent, use.Path[(dot + 1)..], use.Place));
        }
    }
}
