using System.Globalization;

namespace WorkflowEngine.Hosting;

/// <summary>Fields that deployments share: two write them, or their writes begin each other's runs.</summary>
/// <param name="Deployments">Two writers; for a cycle the way round, the first one again at its end.</param>
/// <param name="Fields">As <c>Entity.Field</c>, in the org's names.</param>
/// <param name="Cycle">Each one's writes begin runs of the next one.</param>
public sealed record SharedFields(IReadOnlyList<string> Deployments, IReadOnlyList<string> Fields, bool Cycle)
{
    private const int MostNamed = 6;
    private const int FirstOfMany = 3;

    /// <summary>A sentence does not hold more names than a person reads.</summary>
    internal bool AllNamed => Fields.Count <= MostNamed;

    /// <summary>Few fields by name; many by record type, with their number and the first names.</summary>
    internal string FieldsInWords => AllNamed ? string.Join(", ", Fields) : string.Join(", ", Fields.GroupBy(f => f[..f.IndexOf('.', StringComparison.Ordinal)], StringComparer.Ordinal).Select(OfType));

    private static string OfType(IGrouping<string, string> type)
    {
        var names = type.Select(f => f[(type.Key.Length + 1)..]).ToList();
        var first = string.Join(", ", names.Take(FirstOfMany));
        return string.Create(CultureInfo.InvariantCulture, $"{type.Key} ({names.Count} field{(names.Count == 1 ? "" : "s")}: {first}{(names.Count > FirstOfMany ? ", …" : "")})");
    }
}
