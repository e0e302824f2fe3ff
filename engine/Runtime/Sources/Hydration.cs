using System.Runtime.CompilerServices;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Reads in full the record an event is about.</summary>
internal static class Hydration
{
    private static readonly ConditionalWeakTable<EntityDescriptor, string[]> Readable = [];

    public static ReadAsk Ask(PlanTrigger trigger, BoundConnection connection, EntityDescriptor entity, string id, CallPriority priority) => new()
    {
        Connection = connection, Entity = entity.Name, Fields = trigger.Fields.Count > 0 ? trigger.Fields : All(entity),
        Condition = new FieldCondition(entity.IdField, Comparison.In, [id]), RowCap = 1, IncludeInactive = true, Priority = priority,
    };

    private static string[] All(EntityDescriptor entity) =>
        Readable.GetValue(entity, static e => [.. e.Fields.Where(f => f.Readable).Select(f => f.Name)]);
}
