namespace WorkflowEngine.ServiceTitan;

/// <summary>External data is searched by a list of values with commas between them, so a comma inside a value is kept as <c>%2C</c>; flows never see that.</summary>
internal static class ExternalText
{
    public static string ToWire(string value) => value.Contains(',', StringComparison.Ordinal) || value.Contains("%2C", StringComparison.Ordinal) || value.Contains("%25", StringComparison.Ordinal)
        ? value.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)
        : value;

    public static string FromWire(string value) => value.Contains('%', StringComparison.Ordinal)
        ? value.Replace("%2C", ",", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal)
        : value;
}
