using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.PubSub;

namespace WorkflowEngine.Simulators;

/// <summary>Puts a simulator on a loopback port, in this process.</summary>
public static class SimulatorHost
{
    // Smaller answers gain nothing.
    private const int LeastCompressed = 8 * 1024;

    /// <summary>Starts listening. A port in use surfaces as <see cref="IOException"/>.</summary>
    public static async Task<RunningSimulator<T>> StartAsync<T>(T simulator, CancellationToken cancellationToken = default)
        where T : Simulator
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        simulator.AddServices(builder.Services);
        var certificate = simulator.SecurePort is null ? null : PubSubHost.NewCertificate();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, simulator.Options.Port);
            if (certificate is not null)
            {
                kestrel.Listen(IPAddress.Loopback, simulator.SecurePort!.Value, listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    listen.UseHttps(certificate);
                });
            }

            // Salesforce takes 16,384 bytes of address and headers together; the simulator itself answers 414 above it.
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestBodySize = 200 * 1024 * 1024;
        });
        var app = builder.Build();
        var stopping = new CancellationTokenSource();
        simulator.Stopping = stopping.Token;
        if (certificate is not null)
        {
            app.MapWhen(context => context.Request.IsHttps, secure => secure.UseRouting().UseEndpoints(simulator.MapServices));
        }

        app.Run(context => ServeAsync(simulator, context, stopping.Token));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            stopping.Dispose();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToList();
        return new RunningSimulator<T>(simulator, addresses.Find(a => a.Scheme == "http")!, app, stopping)
        {
            SecureAddress = addresses.Find(a => a.Scheme == "https"), Certificate = certificate?.ExportCertificatePem(),
        };
    }

    private static async Task ServeAsync(Simulator simulator, HttpContext context, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var body = new MemoryStream();
            var sent = context.Request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
            await sent.CopyToAsync(body, ending.Token);
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            // An absolute form ("GET http://host/path") is legal for proxies.
            if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https")
            {
                target = absolute.PathAndQuery;
            }

            var request = new SimulatorRequest(
                context.Request.Method, target, name => context.Request.Headers.TryGetValue(name, out var v) ? v.ToString() : null,
                body.ToArray(), $"{context.Request.Scheme}://{context.Request.Host}");
            var exchange = await simulator.AnswerAsync(request, ending.Token);
            try
            {
                await SendAsync(simulator, exchange, context, ending.Token);
            }
            finally
            {
                exchange.AfterSending?.Invoke();
            }
        }
        catch (InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task SendAsync(Simulator simulator, Exchange exchange, HttpContext context, CancellationToken ending)
    {
        if (exchange.Answer is not { } answer)
        {
            if (exchange.Hold)
            {
                var hold = exchange.HoldMs is { } ms ? TimeSpan.FromMilliseconds(ms) : Timeout.InfiniteTimeSpan;
                await simulator.HoldAsync(hold, ending);
            }

            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        // The vendor's clock, not this machine's: clients take it for the time of what they read.
        context.Response.Headers.Date = simulator.Clock.GetUtcNow().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (answer.ContentType is not null)
        {
            context.Response.ContentType = answer.ContentType;
            if (answer.Body.Length > LeastCompressed && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase) && !HttpMethods.IsHead(context.Request.Method))
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var zip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
                await zip.WriteAsync(answer.Body, ending);
                return;
            }

            context.Response.ContentLength = answer.Body.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(answer.Body, ending);
            }
        }
    }
}
