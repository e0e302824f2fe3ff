using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>The OAuth 2.0 token request as a form post.</summary>
public static class OAuthForm
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    /// <summary>A request that posts the form's fields to the address.</summary>
    /// <param name="address">The token endpoint.</param>
    /// <param name="fields">Made anew for each request (a signed assertion ages).</param>
    public static TokenRequest Post(Uri address, Func<IEnumerable<KeyValuePair<string, string>>> fields) => async (client, caller, priority, cancellationToken) =>
    {
        // Asking twice for a token harms nobody: a read.
        var outcome = await caller.SendAsync(
            CallPurpose.Read,
            async token =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields()) };
                request.Options.Set(new HttpRequestOptionsKey<CallPriority>(CallProperties.Priority), priority);
                request.Headers.Accept.ParseAdd("application/json");
                return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            },
            Read,
            cancellationToken).ConfigureAwait(false);
        // The token endpoint says 400 invalid_client or invalid_grant where other paths say 401.
        return outcome.Error is { Kind: ErrorKind.Rejected or ErrorKind.Misconfigured, Code: not "outboundRefused" } refused ? refused with { Kind = ErrorKind.Authentication } : outcome;
    };

    private static Outcome<AccessToken> Read(RemoteAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new RecordFormatException("the token answer is no object");
        var properties = new Dictionary<string, string>();
        TimeSpan? lifetime = null;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("expires_in"u8))
            {
                var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : property.Value.GetRawText();
                if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds > 0) lifetime = TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds));
            }
            else if (property.Value.ValueKind == JsonValueKind.String)
            {
                properties[property.Name] = property.Value.GetString()!;
            }
        }

        if (!properties.Remove("access_token", out var value) || value.Length == 0 || value.AsSpan().ContainsAnyInRange('\0', ' ')) throw new RecordFormatException("the token answer has no access_token");
        return new AccessToken(value, lifetime, properties);
    }
}
