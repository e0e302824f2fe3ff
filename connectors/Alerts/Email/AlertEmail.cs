using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Alerts;

/// <summary>Sends alerts as mail; each over a connection of its own, as there are few.</summary>
internal sealed class AlertEmail(EmailSettings settings, TimeProvider time) : AlertConnection("alert-email", $"{settings.Server}:{settings.Port}")
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SecretScrubber _scrubber = new([settings.Password ?? ""]);

    /// <summary>Signs in, so that a wrong password is seen when the connection is tested and not when something breaks.</summary>
    public override async Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken)
    {
        var error = await WithServerAsync(static (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return error is null ? await base.OpenAsync(cancellationToken).ConfigureAwait(false) : error;
    }

    public override Task<OperationError?> SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        var message = new MimeMessage { Subject = AlertText.Subject(alert), Body = new TextPart("plain") { Text = AlertText.Body(alert) }, Date = alert.At };
        message.From.Add(settings.From);
        message.To.AddRange(settings.To);
        return WithServerAsync((client, token) => client.SendAsync(message, token), cancellationToken);
    }

    private async Task<OperationError?> WithServerAsync(Func<SmtpClient, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var done = false;
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = new SmtpClient();
            var stream = await OutboundAddress.ConnectAsync(new DnsEndPoint(settings.Server, settings.Port), settings.AllowPrivate, either.Token).ConfigureAwait(false);
            var options = settings.Security switch { "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls };
            await client.ConnectAsync(stream, settings.Server, settings.Port, options, either.Token).ConfigureAwait(false);
            if (settings.User is { } user) await client.AuthenticateAsync(user, settings.Password!, either.Token).ConfigureAwait(false);
            await work(client, either.Token).ConfigureAwait(false);
            done = true;
            await client.DisconnectAsync(quit: true, either.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (done && e is not OutOfMemoryException)
        {
            // The server took it; how it said good-bye does not matter.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OperationError(ErrorKind.Transient, "timeout", $"{settings.Server} gave no answer within {Limit.TotalSeconds:0} s.");
        }
        catch (MailKit.Security.AuthenticationException e)
        {
            return Failed(ErrorKind.Authentication, "signIn", e);
        }
        catch (Exception e) when (e is OutboundRefusedException or SslHandshakeException or NotSupportedException)
        {
            return Failed(ErrorKind.Misconfigured, "connect", e);
        }
        catch (SmtpCommandException e)
        {
            return Failed((int)e.StatusCode < 500 ? ErrorKind.Transient : ErrorKind.Rejected, $"smtp{(int)e.StatusCode}", e);
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or ServiceNotConnectedException)
        {
            return Failed(ErrorKind.Transient, "connect", e);
        }
    }

    private OperationError Failed(ErrorKind kind, string code, Exception e) => new(kind, code, _scrubber.Scrub($"{settings.Server}: {e.Message}"));
}
