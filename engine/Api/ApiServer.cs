using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>The server: the engine's API over HTTP. There is no authentication yet, so it listens on loopback only.</summary>
public static class ApiServer
{
    /// <summary>Builds and starts it.</summary>
    /// <param name="host">The engine.</param>
    /// <param name="workspace">The workspace it follows.</param>
    /// <param name="connectors">The connectors installed.</param>
    /// <param name="urls">Addresses to listen on, separated by semicolons; all must be loopback.</param>
    /// <param name="logs">Where the server logs to.</param>
    /// <param name="schema">The schema of flow files, served for editors; null = not served.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="AddressProblemException">An address cannot be used.</exception>
    public static async Task<WebApplication> StartAsync(
        FlowHost host, WorkspaceRunner workspace, IReadOnlyList<IConnector> connectors, string urls, ILoggerFactory logs, string? schema, CancellationToken cancellationToken)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries);
        foreach (var url in addresses) RequireLoopback(url);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiServer).Assembly.GetName().Name });
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseUrls(addresses).UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 8 * 1024 * 1024;
        });
        builder.Services.AddSingleton(host).AddSingleton(workspace).AddSingleton(connectors).AddSingleton(host.View).AddSingleton(host.Names)
            .AddSingleton<IDeadLetterReplay>(host).AddOpenApi().AddProblemDetails();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError });
        app.UseStatusCodePages();
        app.MapOpenApi();
        app.MapScalarApiReference();
        RunEndpoints.Map(app);
        DeadLetterEndpoints.Map(app);
        HookEndpoints.Map(app);
        StatusEndpoints.Map(app);
        StatusPage.Map(app);
        if (schema is not null) app.MapGet("/schema/flow.schema.json", () => Results.Content(schema, "application/schema+json"));
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new AddressProblemException($"The address {urls} cannot be used: {e.Message.TrimEnd('.')}. Choose another with --urls, or stop what uses it.", e);
        }

        return app;
    }

    private static void RequireLoopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new AddressProblemException($"'{url}' is no address; expected one such as http://127.0.0.1:5080.", null);
        }

        if (address.Host != "localhost" && !(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)))
        {
            throw new AddressProblemException($"Without configured authentication the server listens on loopback only; '{url}' is not. Use http://127.0.0.1:{address.Port}.", null);
        }
    }
}
