using System.Globalization;

namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>How much the volume tests move: little in every run, what <c>FLOW_VOLUME</c> says (100000) when the figures are wanted.</summary>
internal static class VolumeSize
{
    /// <summary>The bound: above what the process holds when it has nothing to do.</summary>
    public const long MostBytes = 300L * 1024 * 1024;

    public static int Or(int otherwise) => int.TryParse(Environment.GetEnvironmentVariable("FLOW_VOLUME"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : otherwise;

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MB");
}
