using System.Globalization;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>The table of one kind on the page of records: its first plain members.</summary>
internal static class RecordPage
{
    private const int Columns = 10;
    private const int Rows = 200;

    public static Http.RecordTable Table(TenantState state, RecordSet table)
    {
        var members = table.Kind.Members.Concat(table.Kind.FeedMembers)
            .Where(m => m.Kind is not (MemberKind.List or MemberKind.Custom or MemberKind.Named or MemberKind.External) && m.Name is not ("modifiedOn" or "createdOn" or "createdById"))
            .OrderByDescending(m => m.Name == "id").ThenByDescending(m => m.Name is "active" or "status").Take(Columns).ToList();
        return new Http.RecordTable(
            Title(table.Kind.Name), [.. members.Select(m => m.Name), "modified"],
            [.. table.Rows.All.OrderByDescending(r => r.Sequence).Take(Rows).Select(r => (IReadOnlyList<string?>)[.. members.Select(m => Text(table.Kind.Value(state, r, m.Name))), RowJson.Iso(r.ModifiedOn)])],
            table.Rows.Count);
    }

    // "jobCancelReasons" -> "Job cancel reasons"
    private static string Title(string name)
    {
        var words = string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "yes" : "no",
        DateTimeOffset time => RowJson.Iso(time),
        IReadOnlyDictionary<string, object?> inner => Text(inner.GetValueOrDefault("name")) ?? Text(inner.GetValueOrDefault("number")) ?? Text(inner.GetValueOrDefault("id")),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
