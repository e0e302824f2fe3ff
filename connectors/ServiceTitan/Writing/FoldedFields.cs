using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Fields with dotted paths folded into objects: <c>address.zip</c>, <c>external.sfAccountId</c>, <c>custom.Gate code</c>.</summary>
internal static class FoldedFields
{
    public static Dictionary<string, object?> Of(IReadOnlyDictionary<string, object?> fields)
    {
        var folded = new Dictionary<string, object?>();
        foreach (var (path, value) in fields.OrderBy(f => f.Key.Contains('.', StringComparison.Ordinal)))
        {
            var dot = path.IndexOf('.');
            if (dot < 0)
            {
                folded[path] = value is IReadOnlyDictionary<string, object?> whole ? new Dictionary<string, object?>(whole) : value;
                continue;
            }

            if (folded.GetValueOrDefault(path[..dot]) is not Dictionary<string, object?> inner) folded[path[..dot]] = inner = [];
            inner[path[(dot + 1)..]] = value;
        }

        return folded;
    }

    /// <summary>A parent can only be named by its own id here.</summary>
    public static OperationError? Refused(IReadOnlyDictionary<string, object?> fields)
    {
        foreach (var (path, value) in fields)
        {
            if (value is ParentReference reference) return ServiceTitanErrors.Unfit($"{path} cannot name a {reference.Entity} by {reference.By}: ServiceTitan takes ids only.", path);
        }

        return null;
    }
}
