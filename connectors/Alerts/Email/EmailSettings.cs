using MimeKit;

namespace WorkflowEngine.Alerts;

/// <summary>How mail is sent.</summary>
internal sealed class EmailSettings(string server, int port, string security, MailboxAddress from, IReadOnlyList<MailboxAddress> to, string? user, string? password, bool allowPrivate)
{
    public string Server => server;

    public int Port => port;

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public string Security => security;

    public MailboxAddress From => from;

    public IReadOnlyList<MailboxAddress> To => to;

    public string? User => user;

    public string? Password => password;

    public bool AllowPrivate => allowPrivate;
}
