using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce;

/// <summary>The token request of each flow, and what its answer says about the org.</summary>
internal static class SalesforceToken
{
    // Clocks differ; the vendor takes assertions that live a few minutes at most.
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(3);

    /// <summary>The request for a token, at the org's own domain.</summary>
    public static TokenRequest Request(SalesforceSettings settings, TimeProvider time)
    {
        var address = new Uri(settings.BaseAddress, "/services/oauth2/token");
        return settings.Auth switch
        {
            AuthFlow.ClientCredentials => OAuthForm.Post(address, () =>
            [
                new("grant_type", "client_credentials"), new("client_id", settings.ClientId), new("client_secret", settings.ClientSecret),
            ]),
            AuthFlow.RefreshToken => OAuthForm.Post(address, () => settings.ClientSecret.Length > 0
                ? [new("grant_type", "refresh_token"), new("refresh_token", settings.RefreshToken), new("client_id", settings.ClientId), new("client_secret", settings.ClientSecret)]
                : [new("grant_type", "refresh_token"), new("refresh_token", settings.RefreshToken), new("client_id", settings.ClientId)]),
            _ => OAuthForm.Post(address, () =>
            [
                new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", Assertion(settings, time)),
            ]),
        };
    }

    /// <summary>The org's id from the identity address of a token's answer, <c>…/id/&lt;org&gt;/&lt;user&gt;</c>; null when there is none. The address itself is never called.</summary>
    public static string? Org(AccessToken token)
    {
        if (!token.Properties.TryGetValue("id", out var identity) || !Uri.TryCreate(identity, UriKind.Absolute, out var address)) return null;
        var segments = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments is [.., "id", var org, _] && org.Length is > 0 and <= 18 && org.All(char.IsAsciiLetterOrDigit) ? SalesforceIds.Long(org) : null;
    }

    /// <summary>The id of the user the connection acts as; null when the answer does not say.</summary>
    public static string? User(AccessToken token) =>
        token.Properties.TryGetValue("id", out var identity) && identity[(identity.LastIndexOf('/') + 1)..] is var user && SalesforceIds.HasShape(user) ? SalesforceIds.Long(user) : null;

    /// <summary>The instance all calls go to; the base address when the answer names none or one that is not Salesforce's.</summary>
    public static Uri? Instance(AccessToken token, SalesforceSettings settings)
    {
        if (!token.Properties.TryGetValue("instance_url", out var text)) return settings.BaseAddress;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var instance) || instance.UserInfo.Length > 0) return null;
        instance = new Uri(instance.GetLeftPart(UriPartial.Authority));
        if (instance.GetLeftPart(UriPartial.Authority) == settings.BaseAddress.GetLeftPart(UriPartial.Authority)) return instance;
        if (settings.AllowPrivate && instance.IsLoopback && settings.BaseAddress.IsLoopback) return instance;
        return instance.Scheme == "https" && (instance.Host.EndsWith(".salesforce.com", StringComparison.OrdinalIgnoreCase) || instance.Host.EndsWith(".force.com", StringComparison.OrdinalIgnoreCase)) ? instance : null;
    }

    private static string Assertion(SalesforceSettings settings, TimeProvider time)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = settings.ClientId,
            ["sub"] = settings.Username,
            ["aud"] = settings.Audience,
            ["exp"] = time.GetUtcNow().Add(AssertionLife).ToUnixTimeSeconds(),
        });
        var text = Base64Url("""{"alg":"RS256"}"""u8) + "." + Base64Url(claims);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(settings.PrivateKey);
        return text + "." + Base64Url(rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
