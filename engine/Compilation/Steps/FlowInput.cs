using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
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
        if (flow.Input is not { } input) return null;
        var silent = new DiagnosticBag();
        if (input.Entity is { } reference)
        {
            return session.Catalog.Entity(reference, silent) is { } entity
                ? [.. entity.Descriptor.Fields.Where(f => f.Readable).Select(f => new TakenValue(f.Name, f.Type, entity.Connection.Name, f.Name == entity.Descriptor.IdField))]
                : null;
        }

        var types = new TypeBinder(session.Catalog, silent);
        return [.. input.Fields.Select(f => Field(f, types))];
    }

    public static TakenValue Field(FieldDefinition field, TypeBinder types)
    {
        var type = types.Bind(field.Type);
        return new TakenValue(field.Name.Value, type.Field, type.Connection ?? "", field is { IsOptional: false, Default: null });
    }
}
