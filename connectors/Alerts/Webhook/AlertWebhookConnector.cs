using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Alerts;

/// <summary>Alerts as an HTTPS call, which chat programs and on-call services take.</summary>
public sealed class AlertWebhookConnector : IConnector
{
    /// <inheritdoc/>
    public ConnectorDescriptor Descriptor { get; } = new()
    {
        Name = "alert-webhook",
        Title = "Alerts by webhook",
        Entities = [],
        Settle = TimeSpan.Zero,
        Settings =
        [
            new() { Name = "allowPrivate", Description = "Loopback and private addresses, and plain http, may be called. Default false.", Type = FieldType.Of(FieldKind.Boolean), Default = "false" },
        ],
        Secrets =
        [
            new() { Name = "address", Description = "Where alerts are sent: an https address. A secret, since those of chat programs hold a token.", Required = true },
            new() { Name = "key", Description = "Signs each call: X-Flow-Signature: t=SECONDS,v1=HEX, the HMAC-SHA256 of 't.body'. Without it calls are not signed." },
        ],
    };

    /// <inheritdoc/>
    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings)
    {
        var reader = new SettingReader(settings, Descriptor);
        Address(reader);
        return reader.Problems;
    }

    /// <inheritdoc/>
    public IConnection Connect(ConnectionSettings settings, ConnectorContext context)
    {
        var reader = new SettingReader(settings, Descriptor);
        var address = Address(reader) ?? throw new ArgumentException($"The settings of {settings.Name} were not validated.", nameof(settings));
        return new AlertWebhook(address, reader.Secret("key"), reader.AllowPrivate, context);
    }

    private static Uri? Address(SettingReader reader)
    {
        if (Uri.TryCreate(reader.Secret("address"), UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && reader.AllowPrivate))) return address;
        reader.Wrong("secrets.address", "An https address is expected, such as https://hooks.example.com/alerts.");
        return null;
    }
}
