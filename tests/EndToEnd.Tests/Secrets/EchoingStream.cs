using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>A gRPC service over TLS that refuses every call with all that it was told: as the headers of an answer without a body, or as trailers behind one.</summary>
internal sealed class EchoingStream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly StringBuilder _seen = new();
    private int _struck;

    private EchoingStream(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public Uri Address => new(_app.Urls.First());

    public string Certificate => _certificate.ExportCertificatePem();

    /// <summary>Calls that were refused.</summary>
    public int Struck => Volatile.Read(ref _struck);

    public string Seen
    {
        get { lock (_seen) return _seen.ToString(); }
    }

    public static async Task<EchoingStream> StartAsync()
    {
        var certificate = NewCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l =>
        {
            l.Protocols = HttpProtocols.Http2;
            l.UseHttps(certificate);
        }));
        var app = builder.Build();
        var stream = new EchoingStream(app, certificate);
        app.Run(stream.RefuseAsync);
        await app.StartAsync();
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task RefuseAsync(HttpContext context)
    {
        var told = string.Join(" ", context.Request.Headers.Select(h => $"{h.Key}: {h.Value}"));
        lock (_seen) _seen.AppendLine(told);
        // What the protocol does: printable characters stand for themselves.
        var words = string.Concat(told.Select(c => c is >= ' ' and < (char)127 and not '%' ? c.ToString() : Uri.EscapeDataString(c.ToString())));
        var count = Interlocked.Increment(ref _struck);
        var status = (count % 6) switch { 0 or 1 => "16", 2 or 3 => "3", _ => "13" };
        context.Response.ContentType = "application/grpc";
        if (count % 2 == 0)
        {
            context.Response.Headers["grpc-status"] = status;
            context.Response.Headers["grpc-message"] = words;
            context.Response.Headers["error-code"] = words;
            return;
        }

        await context.Response.StartAsync();
        context.Response.AppendTrailer("grpc-status", status);
        context.Response.AppendTrailer("grpc-message", words);
        context.Response.AppendTrailer("error-code", words);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=echo", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
