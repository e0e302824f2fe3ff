using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>What the flow reads of the records one step (or trigger) delivers.</summary>
internal sealed class RecordReads(EntityModel entity)
{
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> whole = new(StringComparer.Ordinal);

    public EntityModel Entity { get; } = entity;

    /// <summary>Reads that are also reads of this one: an input that is the trigger's record.</summary>
    public RecordReads? Also { get; set; }

    public bool IsEmpty => paths.Count == 0 && whole.Count == 0 && (Also is null || Also.IsEmpty);

    public void Add(string path) => paths.Add(path);

    /// <summary>The object at this path (empty: the record) is handed on as it is, so all of it is read.</summary>
    public void AddWhole(string path) => whole.Add(path);

    /// <summary>The paths to select, in a stable order. A path that was only the way to a longer one is left out.</summary>
    public IReadOnlyList<string> Fields()
    {
        var all = new SortedSet<string>(paths, StringComparer.Ordinal);
        var entire = new HashSet<string>(whole, StringComparer.Ordinal);
        if (Also is not null)
        {
            all.UnionWith(Also.paths);
            entire.UnionWith(Also.whole);
        }

        if (entire.Contains("")) all.UnionWith(Entity.Descriptor.Fields.Where(f => f.Readable && !ChildLists.Is(f)).Select(f => f.Name));
        all.UnionWith(entire.Where(p => p.Length > 0));
        var result = new List<string>();
        foreach (var path in all)
        {
            var below = path + ".";
            var longer = all.Any(p => p.StartsWith(below, StringComparison.Ordinal));
            if (longer && !entire.Contains(path) && !entire.Contains("")) continue;
            if (!longer && Entity.Relationships.TryGetValue(path, out var reference) && Entity.Parent(reference) is { } parent)
            {
                // Only asked whether there is a parent: its id tells.
                result.Add($"{path}.{parent.Descriptor.IdField}");
                continue;
            }

            if (Entity.Descriptor.Field(path) is { } list && ChildLists.Is(list)) result.AddRange(Children(list, entire.Contains(path)).Where(p => !all.Contains(p)));
            else result.Add(path);
        }

        return result;
    }

    // Where only their number matters, the ids of the children tell it.
    private static IEnumerable<string> Children(FieldDescriptor list, bool whole)
    {
        var item = list.Type.Item!;
        var fields = whole ? item.Fields : item.Fields.Where(f => f.Type.Kind == FieldKind.Id && f.Type.Entity == item.Entity).Take(1);
        return fields.Select(f => $"{list.Name}.{f.Name}");
    }
}
