using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators;

/// <summary>Puts a simulator on a loopback port, in this process.</summary>
public static class SimulatorHost
{
    /// <summary>Starts listening. A port in use surfaces as <see cref="IOException"/>.</summary>
    public static async Task<RunningSimulator<T>> StartAsync<T>(T simulator, CancellationToken cancellationToken = default)
        where T : Simulator
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, simulator.Options.Port);
            // Salesforce takes 16,384 bytes of address and headers together; the simulator itself answers 414 above it.
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestBodySize = 50 * 1024 * 1024;
        });
        var app = builder.Build();
        var stopping = new CancellationTokenSource();
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

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new RunningSimulator<T>(simulator, new Uri(address), app, stopping);
    }

    private static async Task ServeAsync(Simulator simulator, HttpContext context, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, ending.Token);
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
                await Task.Delay(hold, simulator.Clock, ending);
            }

            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (answer.ContentType is not null)
        {
            context.Response.ContentType = answer.ContentType;
            context.Response.ContentLength = answer.Body.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(answer.Body, ending);
            }
        }
    }
}
