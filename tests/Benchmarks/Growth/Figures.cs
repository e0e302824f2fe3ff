namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>Figures of one size, by name.</summary>
/// <param name="Size">How many there are.</param>
/// <param name="Values">The figures, in the order of the table.</param>
internal sealed record Figures(int Size, IReadOnlyList<(string Name, double Value)> Values)
{
    public static double Median(IEnumerable<double> values) => Part(values, 0.5);

    public static double Part(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
    }
}
