using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Alerts;

/// <summary>Alerts by e-mail over SMTP.</summary>
public sealed class AlertEmailConnector : IConnector
{
    /// <inheritdoc/>
    public ConnectorDescriptor Descriptor { get; } = new()
    {
        Name = "alert-email",
        Title = "Alerts by e-mail",
        Entities = [],
        Settle = TimeSpan.Zero,
        Settings =
        [
            new() { Name = "server", Description = "The SMTP server, such as smtp.example.com.", Required = true },
            new() { Name = "port", Description = "Its port. Default 587.", Type = FieldType.Of(FieldKind.Integer), Default = "587" },
            new() { Name = "security", Description = "starttls (default), tls (from the first byte, port 465 mostly), or none, which needs allowPrivate.", Default = "starttls" },
            new() { Name = "from", Description = "The sender's address.", Required = true },
            new() { Name = "to", Description = "The receivers' addresses, separated by commas.", Required = true },
            new() { Name = "user", Description = "Who signs in; without it nobody does." },
            new() { Name = "allowPrivate", Description = "A server at a loopback or private address may be reached. Default false.", Type = FieldType.Of(FieldKind.Boolean), Default = "false" },
        ],
        Secrets = [new() { Name = "password", Description = "The user's password." }],
    };

    /// <inheritdoc/>
    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings)
    {
        var reader = new SettingReader(settings, Descriptor);
        Read(reader);
        return reader.Problems;
    }

    /// <inheritdoc/>
    public IConnection Connect(ConnectionSettings settings, ConnectorContext context)
    {
        var reader = new SettingReader(settings, Descriptor);
        var read = Read(reader);
        if (read is null || reader.Problems.Count > 0) throw new ArgumentException($"The settings of {settings.Name} were not validated.", nameof(settings));
        return new AlertEmail(read, context.Time);
    }

    private static EmailSettings? Read(SettingReader reader)
    {
        var port = 587;
        if (reader.Text("port") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)) reader.Wrong("settings.port", "A port is a number from 1 to 65535.");
        var security = reader.Text("security") ?? "starttls";
        if (security is not ("starttls" or "tls" or "none")) reader.Wrong("settings.security", "One of starttls, tls, none is expected.");
        if (security == "none" && !reader.AllowPrivate) reader.Wrong("settings.security", "Mail without encryption is sent only with allowPrivate: true, to a server of your own.");
        if (reader.Text("server") is null) reader.Wrong("settings.server", "The SMTP server is missing, such as smtp.example.com.");
        if (reader.Text("user") is not null != reader.Secret("password") is not null) reader.Wrong("settings.user", "A user and a password are given together.");
        var from = MimeKit.MailboxAddress.TryParse(reader.Text("from") ?? "", out var sender) && sender.Address.Contains('@') ? sender : null;
        if (from is null) reader.Wrong("settings.from", "An address is expected, such as flow@example.com.");
        var to = new List<MimeKit.MailboxAddress>();
        foreach (var part in (reader.Text("to") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (MimeKit.MailboxAddress.TryParse(part, out var address) && address.Address.Contains('@')) to.Add(address);
            else reader.Wrong("settings.to", $"'{part}' is no address.");
        }

        if (to.Count == 0 && reader.Problems.All(p => p.Path != "settings.to")) reader.Wrong("settings.to", "At least one receiver is expected, such as operations@example.com.");
        return from is null || reader.Text("server") is not { } server || to.Count == 0
            ? null
            : new EmailSettings(server, port, security, from, to, reader.Text("user"), reader.Secret("password"), reader.AllowPrivate);
    }
}
