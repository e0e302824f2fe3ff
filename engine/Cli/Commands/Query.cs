namespace WorkflowEngine.Cli;

internal static class Query
{
    /// <summary>A query string of the parts that are given.</summary>
    public static string Of(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
