using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>The server: the engine's API over HTTP. Without configured authentication it listens on loopback only.</summary>
public static class ApiServer
{
    private const int LargestBody = 8 * 1024 * 1024;

    /// <summary>How long a stop waits for answers that are under way.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    /// <summary>The same description in the version that many generators of clients still want.</summary>
    private const string OlderDocument = "v1-openapi30";

    /// <summary>Builds and starts it. Deployments that the API keeps are activated first, so the host is best started behind it.</summary>
    /// <param name="host">The engine.</param>
    /// <param name="workspace">The workspace folder it follows.</param>
    /// <param name="options">How it is set up.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="AddressProblemException">An address cannot be used.</exception>
    public static async Task<WebApplication> StartAsync(FlowHost host, WorkspaceRunner workspace, ApiServerOptions options, CancellationToken cancellationToken)
    {
        var addresses = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Select(a => ServerAddress.ProblemOf(a, options.Access)).FirstOrDefault(p => p is not null) is { } problem) throw new AddressProblemException(problem, null);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ApiServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            // A developer's page would show what went wrong to whoever asks.
            EnvironmentName = Environments.Production,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        ServerConfiguration.Bound(builder.Configuration);
        builder.WebHost.UseUrls(addresses).UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            if (options.Certificate is { } certificate) kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        }).UseKestrelHttpsConfiguration();
        // What a request waits for goes on in the thread that has it, without one more thread to wake; whoever reads the sockets is not held up by that, since its work is in the pool already.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        Compose(builder.Services, host, workspace, options);
        var app = builder.Build();
        Pipe(app, options);
        if (host.IsShared) workspace.Others = new DeploymentFollower(host, app.Services.GetRequiredService<Deployer>()).FollowAsync;
        await workspace.ActivateKeptAsync(app.Services.GetRequiredService<Deployer>().ActivateAllAsync, cancellationToken).ConfigureAwait(false);
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
        var library = new TemplateLibrary(options.Templates, workspace.Folder is { } folder ? (host.Names.Workspace, folder) : null, host.Settings.Templates, [.. host.Connectors.Select(c => c.Descriptor)]);
        services.AddSingleton<ILoggerFactory>(new ServerLogs(options.Logs)).AddSingleton(options).AddSingleton(options.Access).AddSingleton(host).AddSingleton(workspace).AddSingleton(library)
            .AddSingleton(new OrgCatalog(host.Time)).AddSingleton<DraftSystems>().AddSingleton(new Explainer(host)).AddSingleton(new Planner(host)).AddSingleton(new PlanOutcomes(host)).AddSingleton(new Doctor(host, workspace)).AddSingleton<StoreHealth>().AddSingleton(new Deployer(host, library)).AddSingleton(new OrgPreparer(host)).AddSingleton(new AccessKeys(host.Settings.AccessKeys, host.Time))
            .AddSingleton<Previewer>().AddSingleton<AccessGate>().AddSingleton<HookGate>().AddSingleton(new TestBench(options, host.Time)).AddScoped<Call>().AddOpenApi().AddOpenApi(OlderDocument, o => o.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0).AddProblemDetails();
        if (options.Access.Oidc is { } oidc)
        {
            services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
            {
                bearer.Authority = oidc.Authority;
                bearer.Audience = oidc.Audience;
                bearer.MapInboundClaims = false;
                bearer.TimeProvider = host.Time;
                // A provider on the same machine is the only one whose keys may come without TLS.
                bearer.RequireHttpsMetadata = !(Uri.TryCreate(oidc.Authority, UriKind.Absolute, out var at) && at.IsLoopback);
                bearer.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
                bearer.TokenValidationParameters.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
            });
        }

        Telemetry.Compose(services, options);
        services.Configure<HostOptions>(stopping => stopping.ShutdownTimeout = LastAnswers);
        services.ConfigureHttpJsonOptions(json => ApiJson.Set(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    private static void Pipe(WebApplication app, ApiServerOptions options)
    {
        var log = options.Logs.CreateLogger(typeof(ApiServer));
        app.Use(RequestIds.InvokeAsync);
        app.Use((context, next) => Faults.InvokeAsync(context, next, log));
        app.UseStatusCodePages(status => Faults.StatusAsync(status.HttpContext));
        if (!options.Access.IsConfigured) app.Use(LocalGuard.InvokeAsync);
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<AccessGate>().InvokeAsync);
        DesignerFiles.Use(app, options.Designer);
        Telemetry.Map(app);
        app.MapOpenApi();
        app.MapScalarApiReference();
        foreach (var endpoint in EndpointTable.All) endpoint.Map(app);
        // The status page shows keys of records, and a browser cannot send a bearer credential with a plain address.
        if (options.Access.IsConfigured) app.MapGet("/", () => Results.Redirect("/designer/")).ExcludeFromDescription();
        else StatusPage.Map(app);
        if (options.Schema is { } schema) app.MapGet("/schema/flow.schema.json", () => Results.Content(schema, "application/schema+json")).ExcludeFromDescription();
    }
}
