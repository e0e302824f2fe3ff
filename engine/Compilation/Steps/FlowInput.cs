using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>What another flow of the template takes.</summary>
internal static class FlowInput
{
    public static FlowDefinition? Find(Located<string> name, FlowSession session)
    {
        var flows = session.Context.Siblings.Append(session.Flow).GroupBy(f => f.Flow.Value, StringComparer.Ordinal).Select(g => g.First()).ToArray();
        if (flows.FirstOrDefault(f => f.Flow.Value == name.Value) is { } found) return found;
        session.Problems.Add(BindingDiagnostics.UnknownFlow(name.Span, name.Value, [.. flows.Select(f => f.Flow.Value)]));
        return null;
    }

    /// <summary>The values it takes; null when it does not say. Its own mistakes are its own file's.</summary>
    public static IReadOnlyList<TakenValue>? Of(FlowDefinition flow, FlowSession session)
    {
        var silent = new DiagnosticBag();
        // Who declares nothing demands nothing.
        if (flow.Input is not { } input) return FlowInputModel.TriggersEntity(flow, session) is { } record ? Of(record, demands: false) : null;
        if (input.Entity is { } reference) return session.Catalog.Entity(reference, silent) is { } entity ? Of(entity, demands: true) : null;

        var types = new TypeBinder(session.Catalog, silent);
        return [.. input.Fields.Select(f => Field(f, types))];
    }

    private static IReadOnlyList<TakenValue> Of(EntityModel entity, bool demands) =>
        [.. entity.Descriptor.Fields.Where(f => f.Readable).Select(f => new TakenValue(f.Name, f.Type, entity.Connection.Name, demands && f.Name == entity.Descriptor.IdField))];

    public static TakenValue Field(FieldDefinition field, TypeBinder types)
    {
        var type = types.Bind(field.Type);
        return new TakenValue(field.Name.Value, type.Field, type.Connection ?? "", field is { IsOptional: false, Default: null });
    }
}
