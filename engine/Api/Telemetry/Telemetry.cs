using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Traces and metrics by OpenTelemetry: figures at <c>/metrics</c>; with an OTLP address both are sent there.</summary>
internal static class Telemetry
{
    private const string Hooks = "/hooks/";

    public static void Compose(IServiceCollection services, ApiServerOptions options)
    {
        services.AddSingleton<HostMetrics>();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("workflow-engine", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(HostMetrics.Name, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter();
                if (options.Otlp is { } address) metrics.AddOtlpExporter(otlp => TelemetryTarget.Set(otlp, address, "metrics"));
            })
            .WithTracing(traces =>
            {
                // Without somebody to send to nothing is traced, so that runs do not pay for it.
                if (options.Otlp is not { } address) return;
                traces.AddSource(RuntimeTrace.Name).AddOtlpExporter(otlp => TelemetryTarget.Set(otlp, address, "traces")).AddAspNetCoreInstrumentation(web =>
                {
                    // The path of an inbound call holds its token.
                    web.EnrichWithHttpRequest = (activity, request) =>
                    {
                        if (request.Path.StartsWithSegments("/hooks")) activity.SetTag("url.path", Hooks + "…");
                    };
                });
            });
    }

    public static void Map(WebApplication app)
    {
        // Made now, so that the first look finds figures.
        app.Services.GetRequiredService<HostMetrics>();
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(
            new ApiEndpoint("GET", "/metrics", Role.Viewer, "metrics", "Figures for Prometheus.", (HttpContext _) => Task.CompletedTask) { OfHost = true });
    }
}
