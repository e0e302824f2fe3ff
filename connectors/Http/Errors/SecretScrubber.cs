using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Removes known secrets from text that leaves the connection; a vendor may echo what we sent, as it was or encoded.</summary>
public sealed partial class SecretScrubber
{
    private const int ShortestSecret = 4;
    private const int TokensKept = 8;
    private const string Instead = "***";
    private readonly Lock _lock = new();
    private readonly string[] _secrets;
    private string[] _latest = [];
    private string[] _tokens = [];

    /// <summary>Knows the connection's secrets from the start.</summary>
    public SecretScrubber(IEnumerable<string> secrets) => _secrets = Ordered(secrets.SelectMany(Parts));

    /// <summary>Learns a token; the last few are remembered.</summary>
    public void AddToken(string token)
    {
        if (token.Length < ShortestSecret) return;
        lock (_lock)
        {
            _latest = [token, .. _latest.Where(t => t != token).Take(TokensKept - 1)];
            _tokens = Ordered(_latest);
        }
    }

    /// <summary>The text without secrets.</summary>
    public string Scrub(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, Instead, StringComparison.Ordinal);
        foreach (var token in _tokens) text = text.Replace(token, Instead, StringComparison.Ordinal);
        // Signed assertions are made anew for each request: nobody keeps a list of them.
        return text.Contains("eyJ", StringComparison.Ordinal) ? SignedToken().Replace(text, Instead) : text;
    }

    /// <summary>The error without secrets.</summary>
    public OperationError Scrub(OperationError error) => error with
    {
        Message = Scrub(error.Message), Code = Scrub(error.Code), Fields = error.Fields.Count == 0 ? error.Fields : [.. error.Fields.Select(Scrub)],
        RecordIds = error.RecordIds.Count == 0 ? error.RecordIds : [.. error.RecordIds.Select(Scrub)],
    };

    /// <summary>The outcome, its error without secrets.</summary>
    public Outcome<T> Scrub<T>(Outcome<T> outcome) => outcome.Error is { } error ? Scrub(error) : outcome;

    /// <summary>The answer, its errors without secrets: rows of a success have errors too.</summary>
    public BatchAnswer<T> Scrub<T>(BatchAnswer<T> answer)
    {
        if (answer.CallError is { } error) return answer with { CallError = Scrub(error) };
        return answer.Items.Any(i => !i.Succeeded) ? answer with { Items = [.. answer.Items.Select(Scrub)] } : answer;
    }

    // A key of several lines may be echoed line by line.
    private static IEnumerable<string> Parts(string secret) => secret.Contains('\n', StringComparison.Ordinal)
        ? secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("-----", StringComparison.Ordinal)).Append(secret)
        : [secret];

    private static string[] Ordered(IEnumerable<string> secrets) =>
        [.. secrets.Where(s => s.Length >= ShortestSecret).SelectMany(Forms).Where(f => f.Length >= ShortestSecret).Distinct().OrderByDescending(s => s.Length)];

    /// <summary>What a secret looks like in a body, an address, a form, a JSON text and a Basic header.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        if (secret.Length < 8) yield break;
        // Wherever it stands in an encoded text: the characters its neighbours share are left out.
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var (from, to) = (((before * 8) + 5) / 6, ((before + bytes.Length) * 8) / 6);
            yield return encoded[from..to];
        }
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", RegexOptions.NonBacktracking)]
    private static partial Regex SignedToken();
}
