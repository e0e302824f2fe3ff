using System.Security.Cryptography;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>OAuth: client credentials, JWT bearer, refresh tokens, and the password flow of older clients. Assertions are checked against <see cref="SimulatorOptions.JwtPublicKey"/> where it is given.</summary>
internal sealed class Sessions(SimulatorOptions options, TimeProvider clock, OrgState state)
{
    private readonly Dictionary<string, DateTimeOffset> _expiry = new(StringComparer.Ordinal);
    private int _next;

    private TimeSpan Life => options.TokenLifetime ?? TimeSpan.FromHours(2);

    public Answer Issue(SimulatorRequest request)
    {
        request.Kind = "token";
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        var (id, secret) = Client(request, form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret"));
        switch (form.GetValueOrDefault("grant_type").ToString())
        {
            case "client_credentials":
                return CheckClient(id, secret) ?? Token(request);
            case "refresh_token":
                return CheckClient(id, secret)
                    ?? (form.GetValueOrDefault("refresh_token") == SalesforceSimulator.RefreshToken
                        ? Token(request) : SalesforceErrors.OAuth("invalid_grant", "expired access/refresh token"));
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return CheckAssertion(form.GetValueOrDefault("assertion").ToString()) ?? Token(request);
            case "password":
                return CheckClient(id, secret) ?? (CheckPassword(form.GetValueOrDefault("username"), form.GetValueOrDefault("password"))
                    ? Token(request) : SalesforceErrors.OAuth("invalid_grant", "authentication failure"));
            default:
                return SalesforceErrors.OAuth("unsupported_grant_type", "grant type not supported");
        }
    }

    /// <summary>Whether these are the demo user's name and password.</summary>
    public static bool CheckPassword(string? username, string? password) => username == SalesforceSimulator.Username && password == SalesforceSimulator.Password;

    /// <summary>A session for who has signed in by other means.</summary>
    public string Begin()
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"{state.OrganizationId[..15]}!AQ4AQ.sim{options.Seed}.{++_next}");
        _expiry[token] = clock.GetUtcNow() + Life;
        return token;
    }

    /// <summary>Who the caller is: <c>/id/…</c> and <c>/services/oauth2/userinfo</c>.</summary>
    public Answer Identity(SimulatorRequest request)
    {
        request.Kind = "identity";
        if (!IsValid(request))
        {
            return Answer.Text(403, "Bad_OAuth_Token", "text/plain");
        }

        var user = state.Find(state.IntegrationUser)!;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteString("id", $"{request.BaseAddress}/id/{state.OrganizationId}/{user.Id}");
            w.WriteString("sub", $"{request.BaseAddress}/id/{state.OrganizationId}/{user.Id}");
            w.WriteString("user_id", user.Id);
            w.WriteString("organization_id", state.OrganizationId);
            w.WriteString("username", user.Text("Username"));
            w.WriteString("preferred_username", user.Text("Username"));
            w.WriteString("display_name", user.Text("Name"));
            w.WriteString("name", user.Text("Name"));
            w.WriteString("email", user.Text("Email"));
            w.WriteBoolean("active", true);
            w.WriteStartObject("urls");
            w.WriteString("rest", request.BaseAddress + "/services/data/v{version}/");
            w.WriteString("sobjects", request.BaseAddress + "/services/data/v{version}/sobjects/");
            w.WriteString("query", request.BaseAddress + "/services/data/v{version}/query/");
            w.WriteString("partner", request.BaseAddress + "/services/Soap/u/{version}/" + state.OrganizationId);
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public Answer Introspect(SimulatorRequest request)
    {
        request.Kind = "introspect";
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        var (id, secret) = Client(request, form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret"));
        return CheckClient(id, secret) ?? Answer.Json(200, w =>
        {
            var active = _expiry.TryGetValue(form.GetValueOrDefault("token").ToString(), out var expires) && expires > clock.GetUtcNow();
            w.WriteStartObject();
            w.WriteBoolean("active", active);
            if (active)
            {
                w.WriteString("client_id", SalesforceSimulator.ClientId);
                w.WriteString("token_type", "access_token");
                w.WriteNumber("exp", expires.ToUnixTimeSeconds());
            }

            w.WriteEndObject();
        });
    }

    public Answer Revoke(SimulatorRequest request)
    {
        request.Kind = "revoke";
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        return _expiry.Remove(form.GetValueOrDefault("token").ToString()) ? Answer.Empty(200) : SalesforceErrors.OAuth("unsupported_token_type", "this token type is not supported");
    }

    /// <summary>A session lives on with every use.</summary>
    public bool IsValid(SimulatorRequest request) => TokenOf(request) is { } token && IsValidToken(token);

    public bool IsValidToken(string token)
    {
        var now = clock.GetUtcNow();
        if (!_expiry.TryGetValue(token, out var expires) || expires <= now)
        {
            return false;
        }

        _expiry[token] = now + Life;
        return true;
    }

    public void Expire(SimulatorRequest request)
    {
        if (TokenOf(request) is { } token)
        {
            _expiry.Remove(token);
        }
    }

    public void Clear() => _expiry.Clear();

    private static string? TokenOf(SimulatorRequest request) => request.Header("Authorization") is { } header
        && (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.StartsWith("OAuth ", StringComparison.OrdinalIgnoreCase))
        ? header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim() : null;

    private static (string? Id, string? Secret) Client(SimulatorRequest request, string? id, string? secret)
    {
        if (request.Header("Authorization") is { } header && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim()));
                var cut = pair.IndexOf(':', StringComparison.Ordinal);
                return cut < 0 ? (pair, null) : (Uri.UnescapeDataString(pair[..cut]), Uri.UnescapeDataString(pair[(cut + 1)..]));
            }
            catch (FormatException)
            {
                return (null, null);
            }
        }

        return (id, secret);
    }

    private static Answer? CheckClient(string? id, string? secret) => id != SalesforceSimulator.ClientId
        ? SalesforceErrors.OAuth("invalid_client_id", "client identifier invalid")
        : secret != SalesforceSimulator.ClientSecret ? SalesforceErrors.OAuth("invalid_client", "invalid client credentials") : null;

    private Answer? CheckAssertion(string assertion)
    {
        try
        {
            var parts = assertion.Split('.');
            using var claims = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts.Length == 3 ? parts[1] : throw new FormatException()));
            var root = claims.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("iss", out var issuer) || issuer.ValueKind is not JsonValueKind.String
                || issuer.GetString() != SalesforceSimulator.ClientId)
            {
                return SalesforceErrors.OAuth("invalid_client_id", "client identifier invalid");
            }

            if (!root.TryGetProperty("exp", out var exp) || exp.ValueKind is not JsonValueKind.Number || !exp.TryGetInt64(out var seconds)
                || seconds <= clock.GetUtcNow().ToUnixTimeSeconds())
            {
                return SalesforceErrors.OAuth("invalid_grant", "expired authorization code");
            }

            if (options.JwtPublicKey is { } key && !IsSigned(parts, key))
            {
                return SalesforceErrors.OAuth("invalid_grant", "invalid assertion");
            }

            return root.TryGetProperty("sub", out var subject) && subject.ValueKind is JsonValueKind.String
                && root.TryGetProperty("aud", out var audience) && audience.ValueKind is JsonValueKind.String
                ? null : SalesforceErrors.OAuth("invalid_grant", "Audience validation failed");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return SalesforceErrors.OAuth("invalid_grant", "invalid assertion");
        }
    }

    private static bool IsSigned(string[] parts, string key)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key);
        return rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private Answer Token(SimulatorRequest request)
    {
        var token = Begin();
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteString("access_token", token);
            w.WriteString("signature", "c2ltdWxhdGVkLCBub3QgYSBzaWduYXR1cmU=");
            w.WriteString("scope", "api");
            w.WriteString("instance_url", request.BaseAddress);
            w.WriteString("id", $"{request.BaseAddress}/id/{state.OrganizationId}/{state.IntegrationUser}");
            w.WriteString("token_type", "Bearer");
            w.WriteString("issued_at", clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            w.WriteEndObject();
        });
    }
}
