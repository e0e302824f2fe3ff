namespace WorkflowEngine.Expressions.Library;

internal static class EmailAddress
{
    private const int LongestAddress = 254;

    public static string? Normalize(string? text)
    {
        var address = text?.Trim();
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        // "Ann Smith <ann@example.com>"
        if (address.EndsWith('>') && address.LastIndexOf('<') is var open and >= 0)
        {
            address = address[(open + 1)..^1].Trim();
        }

        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            address = address[7..];
        }

        address = address.ToLowerInvariant();
        var at = address.IndexOf('@');
        var domain = at < 0 ? "" : address[(at + 1)..];
        var valid = at > 0 && address.Length <= LongestAddress
            && domain.IndexOf('@') < 0 && domain.IndexOf('.') > 0 && !domain.EndsWith('.') && !domain.Contains("..", StringComparison.Ordinal)
            && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or ';' or '<' or '>' or '"' or '(' or ')');
        return valid ? address : null;
    }
}
