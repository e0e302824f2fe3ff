using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce;

/// <summary>A connection's settings, read and checked. Its text form shows no secret.</summary>
internal sealed class SalesforceSettings
{
    // The first version whose upsert always answers with the record's id and whether it is new.
    private const int OldestVersion = 46;

    private SalesforceSettings()
    {
    }

    public Uri BaseAddress { get; private set; } = new("https://invalid.invalid");

    public AuthFlow Auth { get; private set; }

    public string ApiVersion { get; private set; } = "";

    public string Username { get; private set; } = "";

    public string Audience { get; private set; } = "";

    public RealmBudget Budget { get; private set; } = new();

    public TimeSpan Timeout { get; private set; }

    public TimeSpan PollOverlap { get; private set; }

    public string ClientName { get; private set; } = "";

    public bool AllowPrivate { get; private set; }

    /// <summary>Changes come by change events; otherwise by polling alone.</summary>
    public bool ChangeEvents { get; private set; }

    public Uri PubSubAddress { get; private set; } = new("https://invalid.invalid");

    public string PubSubCertificate { get; private set; } = "";

    /// <summary>Fields in which the org keeps the digits of phone fields, by those (<c>Contact.Phone</c>); phones not named go by their spellings.</summary>
    public IReadOnlyDictionary<string, string> PhoneFields { get; private set; } = new Dictionary<string, string>();

    public string ClientId { get; private set; } = "";

    public string ClientSecret { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    public string PrivateKey { get; private set; } = "";

    /// <summary>Reads the settings; all mistakes at once.</summary>
    public static SalesforceSettings Read(ConnectionSettings given, ConnectorDescriptor descriptor, List<ConfigProblem> problems)
    {
        Unknown(given.Settings.Keys, descriptor.Settings.Select(s => s.Name).Append("clientId"), "settings", problems);
        Unknown(given.Secrets.Keys, descriptor.Secrets.Select(s => s.Name), "secrets", problems);
        string Value(string name) => given.Settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : descriptor.Settings.FirstOrDefault(s => s.Name == name)?.Default ?? "";
        string Secret(string name) => given.Secrets.GetValueOrDefault(name) ?? "";

        var settings = new SalesforceSettings
        {
            AllowPrivate = Flag(Value("allowPrivate"), "settings.allowPrivate", problems),
            Username = Value("username"),
            Audience = Value("audience"),
            ClientName = Value("clientName"),
            // A consumer key is no secret to everybody: it is taken from the settings too.
            ClientId = Secret("clientId") is { Length: > 0 } id ? id : given.Settings.GetValueOrDefault("clientId") ?? "",
            ClientSecret = Secret("clientSecret"),
            RefreshToken = Secret("refreshToken"),
            PrivateKey = Secret("privateKey"),
            Timeout = TimeSpan.FromSeconds(Number(Value("timeout"), "settings.timeout", 1, 600, problems) ?? 30),
            PollOverlap = TimeSpan.FromSeconds(Number(Value("pollOverlap"), "settings.pollOverlap", 0, 86_400, problems) ?? 60),
            Budget = new RealmBudget
            {
                PerDay = (long?)Number(Value("callsPerDay"), "settings.callsPerDay", 1, 1e9, problems) ?? 100_000,
                Reserve = (Number(Value("reserve"), "settings.reserve", 0, 90, problems) ?? 10) / 100,
                PerSecond = Value("ratePerSecond").Length == 0 ? null : Number(Value("ratePerSecond"), "settings.ratePerSecond", 0.01, 10_000, problems),
            },
        };
        settings.ReadAuth(Value("auth"), problems);
        settings.ReadAddress(Value("baseAddress"), problems);
        settings.ReadVersion(Value("apiVersion"), problems);
        settings.ReadChanges(Value("changes"), Value("pubSubAddress"), Value("pubSubCertificate"), problems);
        settings.ReadPhoneFields(Value("phoneFields"), problems);
        if (settings.ClientName.Length is 0 or > 100 || !settings.ClientName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            problems.Add(new ConfigProblem("settings.clientName", "A name of letters, digits, '-', '_' and '.' was expected, at most 100 characters."));
        }

        return settings;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{BaseAddress} ({Auth})";

    private void ReadAuth(string auth, List<ConfigProblem> problems)
    {
        switch (auth)
        {
            case "clientCredentials": Auth = AuthFlow.ClientCredentials; break;
            case "refreshToken": Auth = AuthFlow.RefreshToken; break;
            case "jwtBearer": Auth = AuthFlow.JwtBearer; break;
            default: problems.Add(new ConfigProblem("settings.auth", $"'{auth}' is not known; expected clientCredentials, refreshToken or jwtBearer.")); return;
        }

        Needed(ClientId, "clientId");
        switch (Auth)
        {
            case AuthFlow.ClientCredentials:
                Needed(ClientSecret, "clientSecret");
                break;
            case AuthFlow.RefreshToken:
                Needed(RefreshToken, "refreshToken");
                break;
            default:
                Needed(PrivateKey, "privateKey");
                if (Username.Length == 0) problems.Add(new ConfigProblem("settings.username", "jwtBearer needs the user the connection acts as."));
                if (!Uri.TryCreate(Audience, UriKind.Absolute, out _)) problems.Add(new ConfigProblem("settings.audience", "An address was expected, such as https://login.salesforce.com."));
                if (PrivateKey.Length > 0 && !IsKey(PrivateKey)) problems.Add(new ConfigProblem("secrets.privateKey", "An RSA private key in PEM form was expected (-----BEGIN PRIVATE KEY-----)."));
                break;
        }

        void Needed(string value, string name)
        {
            if (value.Length == 0) problems.Add(new ConfigProblem($"secrets.{name}", $"{auth} needs {name}."));
        }
    }

    private void ReadAddress(string text, List<ConfigProblem> problems)
    {
        const string Path = "settings.baseAddress";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.PathAndQuery != "/" || address.Fragment.Length > 0)
        {
            problems.Add(new ConfigProblem(Path, "The org's My Domain was expected, without a path: https://acme.my.salesforce.com."));
            return;
        }

        BaseAddress = address;
        if (address.Scheme == "http" && !AllowPrivate) problems.Add(new ConfigProblem(Path, "Plain http is refused; for a simulator say allowPrivate: true."));
        if (address.Host.EndsWith(".lightning.force.com", StringComparison.OrdinalIgnoreCase)) problems.Add(new ConfigProblem(Path, "This is the address of the user interface; the API lies at https://….my.salesforce.com."));
        if (Auth == AuthFlow.ClientCredentials && address.Host is "login.salesforce.com" or "test.salesforce.com") problems.Add(new ConfigProblem(Path, "clientCredentials works only on the org's own My Domain, not on the login host."));
    }

    private void ReadVersion(string text, List<ConfigProblem> problems)
    {
        ApiVersion = text;
        var valid = text.EndsWith(".0", StringComparison.Ordinal) && int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version is >= OldestVersion and < 1000;
        if (!valid) problems.Add(new ConfigProblem("settings.apiVersion", $"A version from {OldestVersion}.0 on was expected, such as 67.0 (in quotes)."));
    }

    private void ReadChanges(string changes, string address, string certificate, List<ConfigProblem> problems)
    {
        ChangeEvents = changes == "events";
        if (changes is not ("poll" or "events")) problems.Add(new ConfigProblem("settings.changes", $"'{changes}' is not known; expected poll or events."));
        if (Uri.TryCreate(address, UriKind.Absolute, out var read) && read.Scheme == "https" && read.UserInfo.Length == 0 && read.PathAndQuery == "/") PubSubAddress = read;
        else problems.Add(new ConfigProblem("settings.pubSubAddress", "An https address without a path was expected, such as https://api.pubsub.salesforce.com:7443."));
        PubSubCertificate = certificate;
        if (certificate.Length > 0 && !IsCertificate(certificate)) problems.Add(new ConfigProblem("settings.pubSubCertificate", "A certificate in PEM form was expected (-----BEGIN CERTIFICATE-----)."));
    }

    private void ReadPhoneFields(string text, List<ConfigProblem> problems)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split('=', StringSplitOptions.TrimEntries) is [var phone, var kept] && phone.Split('.') is [var entity, var field] && SoqlName.IsName(entity) && SoqlName.IsName(field) && SoqlName.IsName(kept) && fields.TryAdd(phone, kept)) continue;
            problems.Add(new ConfigProblem("settings.phoneFields", $"'{line}': each phone field once and the field that keeps its digits were expected, such as Contact.Phone = Phone_Digits__c."));
        }

        PhoneFields = fields;
    }

    private static bool IsCertificate(string pem)
    {
        try
        {
            using var read = X509Certificate2.CreateFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static void Unknown(IEnumerable<string> given, IEnumerable<string> known, string place, List<ConfigProblem> problems)
    {
        var names = known.ToArray();
        foreach (var name in given.Where(name => !names.Contains(name))) problems.Add(new ConfigProblem($"{place}.{name}", $"Not known; expected one of {string.Join(", ", names.Distinct())}."));
    }

    private static bool Flag(string text, string path, List<ConfigProblem> problems)
    {
        if (bool.TryParse(text, out var flag)) return flag;
        if (text.Length > 0) problems.Add(new ConfigProblem(path, "true or false was expected."));
        return false;
    }

    private static double? Number(string text, string path, double least, double most, List<ConfigProblem> problems)
    {
        if (text.Length == 0) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        problems.Add(new ConfigProblem(path, string.Create(CultureInfo.InvariantCulture, $"A number from {least} to {most} was expected.")));
        return null;
    }
}
