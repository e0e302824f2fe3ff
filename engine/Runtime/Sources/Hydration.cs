using System.Runtime.CompilerServices;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Reads in full the record an event is about.</summary>
internal static class Hydration
{
    private static readonly ConditionalWeakTable<EntityDescriptor, string[]> Readable = [];
    private static readonly ConditionalWeakTable<PlanTrigger, string[]> Related = [];

    public static ReadAsk Ask(PlanTrigger trigger, BoundConnection connection, EntityDescriptor entity, string id, CallPriority priority) => new()
    {
        Connection = connection, Entity = entity.Name, Fields = trigger.Fields.Count > 0 ? trigger.Fields : All(entity),
        Condition = new FieldCondition(entity.IdField, Comparison.In, [id]), RowCap = 1, IncludeInactive = true, Priority = priority,
    };

    /// <summary>The flow reads of the record's parents or lists of children, which the rows of a source do not hold.</summary>
    public static bool IsBeyond(PlanTrigger trigger, EntityDescriptor entity, IReadOnlyDictionary<string, object?> record) =>
        Related.GetValue(trigger, t => [.. t.Fields.Select(p => p[..Math.Max(0, p.IndexOf('.', StringComparison.Ordinal))]).Where(head => IsRelated(entity, head)).Distinct(StringComparer.Ordinal)])
            .Any(head => !record.ContainsKey(head));

    private static bool IsRelated(EntityDescriptor entity, string head) =>
        head.Length > 0 && (entity.Field(head) is { } own ? ChildLists.Is(own) : entity.Fields.Any(f => f.Relationship == head));

    private static string[] All(EntityDescriptor entity) =>
        Readable.GetValue(entity, static e => [.. e.Fields.Where(f => f.Readable).Select(f => f.Name)]);
}
