namespace WorkflowEngine.Connectors.Http;

/// <summary>Removes known secrets from text that leaves the connection; a vendor may echo what we sent.</summary>
public sealed class SecretScrubber
{
    private const int ShortestSecret = 4;
    private readonly Lock _lock = new();
    private string[] _secrets;
    private string[] _tokens = [];

    /// <summary>Knows the connection's secrets from the start.</summary>
    public SecretScrubber(IEnumerable<string> secrets) => _secrets = [.. secrets.Where(s => s.Length >= ShortestSecret).Distinct().OrderByDescending(s => s.Length)];

    /// <summary>Learns a token; the last few are remembered.</summary>
    public void AddToken(string token)
    {
        if (token.Length < ShortestSecret) return;
        lock (_lock) _tokens = [token, .. _tokens.Where(t => t != token).Take(3)];
    }

    /// <summary>The text without secrets.</summary>
    public string Scrub(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        foreach (var token in _tokens) text = text.Replace(token, "***", StringComparison.Ordinal);
        return text;
    }

    /// <summary>The error without secrets.</summary>
    public Abstractions.OperationError Scrub(Abstractions.OperationError error) => error with { Message = Scrub(error.Message), Code = Scrub(error.Code) };
}
