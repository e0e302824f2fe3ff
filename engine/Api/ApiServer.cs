using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>The server: the engine's API over HTTP. Without configured authentication it listens on loopback only.</summary>
public static class ApiServer
{
    private const int LargestBody = 8 * 1024 * 1024;

    /// <summary>Builds and starts it.</summary>
    /// <param name="host">The engine.</param>
    /// <param name="workspace">The workspace folder it follows.</param>
    /// <param name="options">How it is set up.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="AddressProblemException">An address cannot be used.</exception>
    public static async Task<WebApplication> StartAsync(FlowHost host, WorkspaceRunner workspace, ApiServerOptions options, CancellationToken cancellationToken)
    {
        var addresses = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in addresses) RequireLoopback(url);
        // Nothing is configured by files of the folder we happen to stand in; watching that folder, with all below it, would cost more than serving.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ApiServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.UseUrls(addresses).UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        Compose(builder.Services, host, workspace, options);
        var app = builder.Build();
        Pipe(app, options);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new AddressProblemException($"The address {options.Urls} cannot be used: {e.Message.TrimEnd('.')}. Choose another with --urls, or stop what uses it.", e);
        }

        return app;
    }

    private static void Compose(IServiceCollection services, FlowHost host, WorkspaceRunner workspace, ApiServerOptions options)
    {
        services.AddSingleton(options.Logs).AddSingleton(host).AddSingleton(workspace).AddSingleton(new OrgCatalog(host.Time)).AddSingleton<Previewer>()
            .AddSingleton(new TemplateLibrary(options.Templates, (host.Names.Workspace, workspace.Folder), host.Settings.Templates, [.. host.Connectors.Select(c => c.Descriptor)]))
            .AddScoped<Call>().AddOpenApi().AddProblemDetails();
        services.ConfigureHttpJsonOptions(json => ApiJson.Set(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    private static void Pipe(WebApplication app, ApiServerOptions options)
    {
        var log = options.Logs.CreateLogger(typeof(ApiServer));
        app.Use(RequestIds.InvokeAsync);
        app.Use((context, next) => Faults.InvokeAsync(context, next, log));
        app.UseStatusCodePages(status => Faults.StatusAsync(status.HttpContext));
        app.Use(LocalGuard.InvokeAsync);
        app.UseRouting();
        app.Use(AccessGate.InvokeAsync);
        DesignerFiles.Use(app, options.Designer);
        app.MapOpenApi();
        app.MapScalarApiReference();
        foreach (var endpoint in EndpointTable.All) endpoint.Map(app);
        StatusPage.Map(app);
        if (options.Schema is { } schema) app.MapGet("/schema/flow.schema.json", () => Results.Content(schema, "application/schema+json")).ExcludeFromDescription();
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
