using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WorkflowEngine.Testing;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace WorkflowEngine.EndToEnd.Tests.Alerts;

/// <summary>A mail server with one user.</summary>
internal sealed class MailBox : MessageStore, IUserAuthenticator, IAsyncDisposable
{
    public const string User = "flow";
    public const string Password = "canary-mail-password";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public MailBox()
    {
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IUserAuthenticator)this);
        var options = new SmtpServerOptionsBuilder().ServerName("mail.test")
            .Endpoint(e => e.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AllowUnsecureAuthentication().AuthenticationRequired()).Build();
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>Mails as they came, encoded text and all.</summary>
    public ConcurrentQueue<string> Mails { get; } = new();

    public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        Mails.Enqueue(Encoding.UTF8.GetString(buffer.ToArray()));
        return Task.FromResult(SmtpResponse.Ok);
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult((user, password) == (User, Password));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
