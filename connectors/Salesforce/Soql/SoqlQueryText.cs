using System.Globalization;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>One query as text.</summary>
internal static class SoqlQueryText
{
    /// <summary>Salesforce takes 16,384 bytes of address and headers together; this bound, after encoding, leaves room for headers and token.</summary>
    public const int MostEncodedLength = 15_000;

    /// <summary>The text of a query.</summary>
    /// <param name="fields">What to select.</param>
    /// <param name="entity">The object.</param>
    /// <param name="where">The text after WHERE; empty = every record.</param>
    /// <param name="orderBy">The order; empty = the vendor's.</param>
    /// <param name="limit">Most rows; null = all.</param>
    public static string Text(IReadOnlyList<string> fields, string entity, string where, IReadOnlyList<OrderTerm> orderBy, int? limit)
    {
        var text = new StringBuilder("SELECT ").AppendJoin(", ", fields).Append(" FROM ").Append(entity);
        if (where.Length > 0) text.Append(" WHERE ").Append(where);
        if (orderBy.Count > 0) text.Append(" ORDER BY ").AppendJoin(", ", orderBy.Select(t => t.Descending ? t.Path + " DESC" : t.Path));
        if (limit is { } most) text.Append(" LIMIT ").Append(most.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>What to select: paths, those of a list of children as one query inside the query.</summary>
    /// <param name="schema">Knows the lists.</param>
    /// <param name="entity">The object.</param>
    /// <param name="paths">The paths asked for.</param>
    public static IReadOnlyList<string> Select(OrgSchema schema, string entity, IReadOnlyList<string> paths)
    {
        if (!paths.Any(p => schema.Children(entity, p) is not null)) return paths;
        return
        [
            .. paths.Where(p => schema.Children(entity, p) is null),
            .. paths.Select(p => (Path: p, List: schema.Children(entity, p))).Where(p => p.List is not null && p.Path.Length > p.List.Name.Length).GroupBy(p => p.List!.Name, p => p.Path)
                .Select(list => $"(SELECT {string.Join(", ", list.Select(p => p[(list.Key.Length + 1)..]).Prepend("Id").Distinct(StringComparer.Ordinal))} FROM {list.Key} ORDER BY Id)"),
        ];
    }

    /// <summary>Its length in an address.</summary>
    public static int EncodedLength(string query) => Uri.EscapeDataString(query).Length;
}
