using System.Globalization;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>Collects what was compared and what differs.</summary>
internal sealed class Comparison(string flow, string what)
{
    private readonly List<string> _differences = [];
    private int _checked;

    public void Count() => _checked++;

    public void Differs(string line) => _differences.Add(line);

    /// <summary>Exactly one record; null (and told) otherwise.</summary>
    public IReadOnlyDictionary<string, string?>? One(string of, IReadOnlyList<IReadOnlyDictionary<string, string?>> records)
    {
        _checked++;
        if (records.Count == 1) return records[0];
        _differences.Add(records.Count == 0 ? $"{of}: no partner" : $"{of}: {records.Count} partners");
        return null;
    }

    public void Text(string of, string field, string? expected, string? found)
    {
        if ((expected ?? "") != (found ?? "")) _differences.Add($"{of}: {field} is '{found}', not '{expected}'");
    }

    /// <summary>To the cent; null is no amount and differs from zero.</summary>
    public void Amount(string of, string field, decimal? expected, string? found)
    {
        var amount = found is null ? (decimal?)null : decimal.Parse(found, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (amount != expected) _differences.Add(string.Create(CultureInfo.InvariantCulture, $"{of}: {field} is {amount?.ToString(CultureInfo.InvariantCulture) ?? "empty"}, not {expected?.ToString(CultureInfo.InvariantCulture) ?? "empty"}"));
    }

    public Reconciled Result() => new(flow, what, _checked, _differences);
}
