using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>A connection's settings, read and checked. Holds secrets: its text form shows none.</summary>
internal sealed class ServiceTitanSettings
{
    private const double MostPerSecond = 60;

    public required string Tenant { get; init; }

    public required Uri BaseAddress { get; init; }

    public required Uri TokenAddress { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public required string AppKey { get; init; }

    public string? ApplicationGuid { get; init; }

    /// <summary>The provider under which this application's bookings are made; null = it makes none.</summary>
    public string? BookingProvider { get; init; }

    public double RatePerSecond { get; init; }

    public TimeSpan Timeout { get; init; }

    /// <summary>Keys that webhooks may be signed with: while one replaces the other, both.</summary>
    public IReadOnlyList<string> WebhookKeys { get; init; } = [];

    /// <summary>How old the event of a webhook may be, so that a call that was recorded is of no use for ever.</summary>
    public TimeSpan WebhookTolerance { get; init; }

    /// <summary>How webhooks to this connection are signed; null = it takes none.</summary>
    public WebhookSignature? Webhooks { get; init; }

    /// <summary>How far before its stamp a polled list is read again.</summary>
    public TimeSpan PollOverlap { get; init; }

    public bool RecentChanges { get; init; }

    /// <summary>The pause after a drained feed; null = the trigger's.</summary>
    public TimeSpan? FeedPause { get; init; }

    /// <summary>The feeds to read; null = all.</summary>
    public IReadOnlySet<string>? Feeds { get; init; }

    public bool AllowPrivate { get; init; }

    public static (ServiceTitanSettings? Settings, IReadOnlyList<ConfigProblem> Problems) Read(ConnectionSettings given)
    {
        var problems = new List<ConfigProblem>();
        var descriptor = ServiceTitanCatalog.Descriptor;
        Unknown("settings", given.Settings.Keys, descriptor.Settings);
        Unknown("secrets", given.Secrets.Keys, [.. descriptor.Secrets, .. descriptor.Settings.Where(s => s.Name == "clientId")]);

        var tenant = Setting("tenant");
        if (tenant is null || !tenant.All(char.IsAsciiDigit)) problems.Add(new("settings.tenant", "The tenant id is missing or not a number: digits are expected, such as 1234567890."));
        var allowPrivate = Flag("allowPrivate", false);
        var environment = Setting("environment") ?? "production";
        if (environment is not ("production" or "integration")) problems.Add(new("settings.environment", $"'{environment}' is no environment: production or integration is expected."));
        var (host, authHost) = environment == "integration" ? ("https://api-integration.servicetitan.io", "https://auth-integration.servicetitan.io") : ("https://api.servicetitan.io", "https://auth.servicetitan.io");
        var own = Setting("baseAddress");
        var baseAddress = Address("baseAddress", own ?? host);
        var authAddress = Address("authAddress", Setting("authAddress") ?? own ?? authHost);
        var clientId = given.Secrets.GetValueOrDefault("clientId") ?? Setting("clientId");
        if (string.IsNullOrWhiteSpace(clientId)) problems.Add(new("settings.clientId", "The client id is missing."));
        var guid = Setting("applicationGuid");
        if (guid is not null && !Guid.TryParse(guid, out _)) problems.Add(new("settings.applicationGuid", "This is no GUID: a value such as 5b0b7c39-6f0e-4f57-9d0b-2c8f5d1a7e90 is expected."));
        var provider = Setting("bookingProvider");
        if (provider is not null && !provider.All(char.IsAsciiDigit)) problems.Add(new("settings.bookingProvider", "The booking provider's id is a number: digits are expected."));
        var webhookKeys = new[] { "webhookKey", "webhookKeyBefore" }.Select(n => (Name: n, Key: given.Secrets.GetValueOrDefault(n)?.Trim())).Where(k => k.Key is not null).ToList();
        foreach (var (name, _) in webhookKeys.Where(k => k.Key!.Length is < 32 or > 64)) problems.Add(new($"secrets.{name}", "A webhook key has 32 to 64 characters."));
        if (webhookKeys is [{ Name: "webhookKeyBefore" }]) problems.Add(new("secrets.webhookKeyBefore", "The key of before stands beside the new one: webhookKey is missing."));
        var webhooks = webhookKeys.Count == 0 ? null : new WebhookSignature([.. webhookKeys.Select(k => k.Key!)], Setting("webhookHeader") ?? "x-servicetitan-signature", OneOf("webhookHash", "sha256", "sha1", "sha512"), OneOf("webhookEncoding", "hex", "base64"));
        var settings = new ServiceTitanSettings
        {
            Tenant = tenant ?? "",
            BaseAddress = baseAddress,
            TokenAddress = new Uri(authAddress, "/connect/token"),
            ClientId = clientId ?? "",
            ClientSecret = Secret("clientSecret"),
            AppKey = Secret("appKey"),
            ApplicationGuid = guid,
            BookingProvider = provider,
            RatePerSecond = Number("ratePerSecond", 50, 0.1, own is null ? MostPerSecond : 100_000),
            Timeout = TimeSpan.FromSeconds(Number("timeout", 30, 1, 300)),
            WebhookKeys = [.. webhookKeys.Select(k => k.Key!)],
            WebhookTolerance = TimeSpan.FromSeconds(Number("webhookTolerance", 3_600, 60, 7 * 86_400)),
            Webhooks = webhooks,
            PollOverlap = TimeSpan.FromSeconds(Number("pollOverlap", 600, 0, 86400)),
            RecentChanges = Flag("recentChanges", true),
            FeedPause = Setting("feedPause") is null ? (own is null ? TimeSpan.FromMinutes(5) : null) : TimeSpan.FromSeconds(Number("feedPause", 300, 0, 86400)),
            Feeds = Setting("feeds")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(),
            AllowPrivate = allowPrivate,
        };
        return (problems.Count == 0 ? settings : null, problems);

        string? Setting(string name) => given.Settings.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        string Secret(string name)
        {
            var value = given.Secrets.GetValueOrDefault(name);
            if (string.IsNullOrWhiteSpace(value)) problems.Add(new($"secrets.{name}", "This secret is missing."));
            else if (value.Any(char.IsControl)) problems.Add(new($"secrets.{name}", "This secret holds a line break or another control character."));
            return value?.Trim() ?? "";
        }

        string OneOf(string name, params string[] known)
        {
            var text = Setting(name) ?? known[0];
            if (!known.Contains(text)) problems.Add(new($"settings.{name}", $"'{text}' is none of {string.Join(", ", known)}."));
            return text;
        }

        bool Flag(string name, bool otherwise)
        {
            if (Setting(name) is not { } text) return otherwise;
            if (!bool.TryParse(text, out var value)) problems.Add(new($"settings.{name}", $"'{text}' is neither true nor false."));
            return value;
        }

        double Number(string name, double otherwise, double least, double most)
        {
            if (Setting(name) is not { } text) return otherwise;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            problems.Add(new($"settings.{name}", string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a number from {least} to {most}.")));
            return otherwise;
        }

        Uri Address(string name, string text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { UserInfo: "", Query: "", Fragment: "" })
            {
                if (address.Scheme == "http" && !allowPrivate) problems.Add(new($"settings.{name}", "Plain http is only for simulators: give an https address or allowPrivate: true."));
                return address;
            }

            problems.Add(new($"settings.{name}", $"'{text}' is no address: one such as https://api.servicetitan.io is expected."));
            return new Uri("https://invalid.invalid");
        }

        void Unknown(string place, IEnumerable<string> names, IReadOnlyList<SettingDescriptor> known)
        {
            foreach (var name in names.Where(n => known.All(k => k.Name != n)))
            {
                problems.Add(new($"{place}.{name}", $"There is no {place.TrimEnd('s')} '{name}'; known are {string.Join(", ", known.Select(k => k.Name))}."));
            }
        }
    }
}
