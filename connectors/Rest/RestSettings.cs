using System.Globalization;
using System.Net.Http.Headers;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Rest;

/// <summary>A connection's settings, read and checked. Its text form shows no secret.</summary>
internal sealed class RestSettings
{
    private static readonly Uri Nowhere = new("https://invalid.invalid/");

    private readonly ConnectionSettings _given;
    private readonly ConnectorDescriptor _descriptor;
    private readonly List<ConfigProblem> _problems;

    private RestSettings(ConnectionSettings given, ConnectorDescriptor descriptor, List<ConfigProblem> problems)
    {
        (_given, _descriptor, _problems) = (given, descriptor, problems);
        Unknown("settings", given.Settings.Keys, descriptor.Settings);
        Unknown("secrets", given.Secrets.Keys, descriptor.Secrets);
        AllowPrivate = Value("allowPrivate") is "true";
        if (Value("allowPrivate") is not ("true" or "false")) Wrong("settings.allowPrivate", "true or false was expected.");
        BaseAddress = Folder(Address("baseAddress"));
        Timeout = TimeSpan.FromSeconds(Number("timeout", 1, 600) ?? 30);
        Budget = new RealmBudget { PerSecond = Number("ratePerSecond", 0.01, 10_000), PerDay = (long?)Number("callsPerDay", 1, 1e9) };
        Auth = ReadAuth(Value("auth"));
    }

    /// <summary>Ends with a slash.</summary>
    public Uri BaseAddress { get; }

    public RestAuth Auth { get; }

    public bool AllowPrivate { get; }

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
    public static RestSettings Read(ConnectionSettings given, ConnectorDescriptor descriptor, List<ConfigProblem> problems) => new(given, descriptor, problems);

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
                Username = Value("username");
                if (Username.Length == 0 || Username.Contains(':', StringComparison.Ordinal)) Wrong("settings.username", "basic needs a user without ':'.");
                Secret = Needed("password", auth);
                return RestAuth.Basic;
            case "header":
                KeyHeader = Value("keyHeader");
                if (!IsHeader(KeyHeader)) Wrong("settings.keyHeader", $"The name of a header was expected, not '{KeyHeader}'.");
                Secret = Needed("apiKey", auth);
                return RestAuth.Header;
            case "clientCredentials":
                TokenAddress = Address("tokenAddress");
                Scope = Value("scope");
                ClientId = Needed("clientId", auth);
                Secret = Needed("clientSecret", auth);
                return RestAuth.ClientCredentials;
            default:
                Wrong("settings.auth", $"'{auth}' is not known; expected none, bearer, basic, header or clientCredentials.");
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
        if (Uri.TryCreate(Value(name), UriKind.Absolute, out var address) && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && AllowPrivate))) return address;
        Wrong($"settings.{name}", "An https address without user, query and fragment was expected, such as https://api.example.com/v2.");
        return Nowhere;
    }

    private double? Number(string name, double least, double most)
    {
        var text = Value(name);
        if (text.Length == 0) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Wrong($"settings.{name}", string.Create(CultureInfo.InvariantCulture, $"A number from {least} to {most} was expected, not '{text}'."));
        return null;
    }

    private string Needed(string secret, string auth)
    {
        var value = _given.Secrets.GetValueOrDefault(secret) ?? "";
        if (value.Length == 0) Wrong($"secrets.{secret}", $"{auth} needs it.");
        else if (auth is "bearer" && !AuthenticationHeaderValue.TryParse("Bearer " + value, out _)) Wrong($"secrets.{secret}", "A token is one word.");
        else if (value.AsSpan().ContainsAny('\r', '\n', '\0')) Wrong($"secrets.{secret}", "It may have no line breaks.");
        return value;
    }

    private string Value(string name) =>
        _given.Settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : _descriptor.Settings.FirstOrDefault(s => s.Name == name)?.Default ?? "";

    private void Wrong(string path, string message) => _problems.Add(new ConfigProblem(path, message));

    private void Unknown(string part, IEnumerable<string> given, IReadOnlyList<SettingDescriptor> known)
    {
        foreach (var name in given.Where(n => known.All(k => k.Name != n))) Wrong($"{part}.{name}", $"There is no '{name}' here; known: {string.Join(", ", known.Select(k => k.Name))}.");
    }
}
