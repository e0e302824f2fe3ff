using System.Globalization;
using System.Net.Http.Headers;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Rest;

/// <summary>A connection's settings, read and checked. Its text form shows no secret.</summary>
internal sealed class RestSettings
{
    private static readonly Uri Nowhere = new("https://invalid.invalid/");

    private readonly SettingReader _reader;

    private RestSettings(SettingReader reader)
    {
        _reader = reader;
        BaseAddress = Folder(Address("baseAddress"));
        Timeout = TimeSpan.FromSeconds(Number("timeout", 1, 600) ?? 30);
        Budget = new RealmBudget { PerSecond = Number("ratePerSecond", 0.01, 10_000), PerDay = (long?)Number("callsPerDay", 1, 1e9) };
        Auth = ReadAuth(_reader.Value("auth"));
    }

    /// <summary>Ends with a slash.</summary>
    public Uri BaseAddress { get; }

    public RestAuth Auth { get; }

    public bool AllowPrivate => _reader.AllowPrivate;

    public TimeSpan Timeout { get; }

    public RealmBudget Budget { get; }

    public string Username { get; private set; } = "";

    public string KeyHeader { get; private set; } = "";

    public string Scope { get; private set; } = "";

    /// <summary>The secret of the way to sign in: token, password, key or client secret.</summary>
    public string Secret { get; private set; } = "";

    public string ClientId { get; private set; } = "";

    public Uri TokenAddress { get; private set; } = Nowhere;

    /// <summary>Reads the settings; all mistakes at once.</summary>
    public static (RestSettings Settings, IReadOnlyList<ConfigProblem> Problems) Read(ConnectionSettings given, ConnectorDescriptor descriptor)
    {
        var reader = new SettingReader(given, descriptor);
        return (new RestSettings(reader), reader.Problems);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{BaseAddress} ({Auth})";

    private RestAuth ReadAuth(string auth)
    {
        switch (auth)
        {
            case "none": return RestAuth.None;
            case "bearer":
                Secret = Needed("token", auth);
                return RestAuth.Bearer;
            case "basic":
                Username = _reader.Value("username");
                if (Username.Length == 0 || Username.Contains(':', StringComparison.Ordinal)) _reader.Wrong("settings.username", "basic needs a user without ':'.");
                Secret = Needed("password", auth);
                return RestAuth.Basic;
            case "header":
                KeyHeader = _reader.Value("keyHeader");
                if (!IsHeader(KeyHeader)) _reader.Wrong("settings.keyHeader", $"The name of a header was expected, not '{KeyHeader}'.");
                Secret = Needed("apiKey", auth);
                return RestAuth.Header;
            case "clientCredentials":
                TokenAddress = Address("tokenAddress");
                Scope = _reader.Value("scope");
                ClientId = Needed("clientId", auth);
                Secret = Needed("clientSecret", auth);
                return RestAuth.ClientCredentials;
            default:
                _reader.Wrong("settings.auth", $"'{auth}' is not known; expected none, bearer, basic, header or clientCredentials.");
                return RestAuth.None;
        }
    }

    private static bool IsHeader(string name)
    {
        using var request = new HttpRequestMessage();
        return request.Headers.TryAddWithoutValidation(name, "x") && !RestHeaders.IsReserved(name);
    }

    private static Uri Folder(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private Uri Address(string name)
    {
        if (Uri.TryCreate(_reader.Value(name), UriKind.Absolute, out var address) && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && AllowPrivate))) return address;
        _reader.Wrong($"settings.{name}", "An https address without user, query and fragment was expected, such as https://api.example.com/v2.");
        return Nowhere;
    }

    private double? Number(string name, double least, double most)
    {
        var text = _reader.Value(name);
        if (text.Length == 0) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _reader.Wrong($"settings.{name}", string.Create(CultureInfo.InvariantCulture, $"A number from {least} to {most} was expected, not '{text}'."));
        return null;
    }

    private string Needed(string secret, string auth)
    {
        var value = _reader.Secret(secret) ?? "";
        if (value.Length == 0) _reader.Wrong($"secrets.{secret}", $"{auth} needs it.");
        else if (auth is "bearer" && !AuthenticationHeaderValue.TryParse("Bearer " + value, out _)) _reader.Wrong($"secrets.{secret}", "A token is one word.");
        else if (value.AsSpan().ContainsAny('\r', '\n', '\0')) _reader.Wrong($"secrets.{secret}", "It may have no line breaks.");
        return value;
    }
}
