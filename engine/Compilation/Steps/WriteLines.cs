using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>The lines a step writes: those of its mappings file, and its own, which win.</summary>
internal sealed record WriteLines(IReadOnlyList<FieldLine> Set, IReadOnlyList<FieldLine> OnCreate, IReadOnlyList<FieldLine> OnUpdate)
{
    public IEnumerable<FieldLine> All => Set.Concat(OnCreate).Concat(OnUpdate);

    public IReadOnlySet<string> CreateNames => Set.Concat(OnCreate).Select(l => l.Name.Value).ToHashSet(StringComparer.Ordinal);

    public static WriteLines Of(SetStep step, SetBlock? onCreate, SetBlock? onUpdate, EntityModel? entity, FlowSession session)
    {
        MappingDefinition? shared = null;
        if (step.SetFrom is { } path)
        {
            if (!session.Context.Mappings.TryGetValue(path.Value, out shared))
            {
                session.Problems.Add(BindingDiagnostics.UnknownMapping(path.Span, path.Value, [.. session.Context.Mappings.Keys]));
            }
            else if (shared.Entity is { } written && entity is not null && written.ToString() != entity.FullName)
            {
                session.Problems.Add(BindingDiagnostics.MappingOfOtherEntity(path.Span, path.Value, written.ToString(), entity.FullName));
            }
        }

        return new WriteLines(Merge(shared?.Set, step.Set), Merge(shared?.SetOnCreate, onCreate), Merge(shared?.SetOnUpdate, onUpdate));
    }

    public static IReadOnlyList<FieldLine> Merge(SetBlock? shared, SetBlock? own)
    {
        if (shared is null) return [.. (own?.Lines ?? []).Where(l => l.Value is not RemoveValue)];
        if (own is null) return shared.Lines;
        var names = own.Lines.Select(l => l.Name.Value).ToHashSet(StringComparer.Ordinal);
        
        // An overlay takes a line out, also one of the mappings file.
        return [.. shared.Lines.Where(l => !names.Contains(l.Name.Value)), .. own.Lines.Where(l => l.Value is not RemoveValue)];
    }

    public static SetBlock? Changed(SetBlock? before, SetBlock? again) =>
        again is null ? before : new SetBlock(again.Span, again.KeySpan, Merge(before, again));
}
