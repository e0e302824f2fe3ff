using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Finds out who calls and whether the role reaches, before anything of the endpoint runs. What is not in the endpoint table holds nothing to protect.</summary>
internal sealed class AccessGate(FlowHost host, AccessKeys keys, AccessOptions options)
{
    private const string Bearer = "Bearer ";

    /// <summary>Where a request keeps the end of its token.</summary>
    private static readonly object TokenEnds = new();

    /// <summary>Wrong credentials by address: guessing is slow.</summary>
    private readonly RateGate _failures = new(0.5, options.Wrong, host.Time);

    private readonly RateGate _rates = new(options.Rate, options.Burst, host.Time);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var call = context.RequestServices.GetRequiredService<Call>();
        call.RequestId = context.TraceIdentifier;
        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<ApiEndpoint>();
        if (endpoint is not { Role: { } needed })
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (await RefusalAsync(context, call, needed, endpoint.OfHost).ConfigureAwait(false) is { } refusal) await refusal.ExecuteAsync(context).ConfigureAwait(false);
        else await next(context).ConfigureAwait(false);
    }

    /// <summary>Whether the credential of a request that is still being answered holds: a key may have been revoked, a token may have ended.</summary>
    public async ValueTask<bool> HoldsAsync(HttpContext context)
    {
        if (!options.IsConfigured) return true;
        if (context.Items.TryGetValue(TokenEnds, out var ends)) return ends is DateTimeOffset end && end > host.Time.GetUtcNow();
        string? header = context.Request.Headers.Authorization;
        return header is { Length: > 0 } && await keys.VerifyAsync(header[Bearer.Length..].Trim(), context.RequestAborted).ConfigureAwait(false) is not null;
    }

    private async Task<IResult?> RefusalAsync(HttpContext context, Call call, Role needed, bool ofHost)
    {
        if (!options.IsConfigured)
        {
            call.Caller = new Caller(host.Names.Workspace, "local", Role.Admin, "local");
            return null;
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_failures.Enter(address, take: false) is { } pause) return Problem.TooMany(pause);
        var (caller, problem) = await CallerAsync(context).ConfigureAwait(false);
        if (caller is null)
        {
            _failures.Enter(address);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.Of(StatusCodes.Status401Unauthorized, "unauthenticated", problem);
        }

        if (_rates.Enter(caller.Credential) is { } wait) return Problem.TooMany(wait);
        if (caller.Role < needed) return Problem.Of(StatusCodes.Status403Forbidden, "forbidden", $"This needs the role {Words.Of(needed)}; yours is {Words.Of(caller.Role)}.");
        if (ofHost && caller.Workspace != host.Names.Workspace) return Problem.Of(StatusCodes.Status403Forbidden, "forbidden", $"This tells of all workspaces: it needs a credential of the workspace {host.Names.Workspace}.");
        call.Caller = caller;
        return null;
    }

    private async Task<(Caller? Caller, string Problem)> CallerAsync(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return (null, "Send a credential: Authorization: Bearer followed by an API key or a token.");
        var text = header[Bearer.Length..].Trim();
        if (text.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            if (!options.Keys || await keys.VerifyAsync(text, context.RequestAborted).ConfigureAwait(false) is not { } key) return (null, "This API key is not known, or it has expired or was revoked.");
            return (new Caller(key.Workspace, key.Name, Words.TryRead<Role>(key.Role, out var role) ? role : Role.Viewer, "key " + key.Id), "");
        }

        if (options.Oidc is not { } oidc) return (null, "This server takes API keys only.");
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme).ConfigureAwait(false);
        if (result is { Succeeded: true, Properties.ExpiresUtc: { } ends }) context.Items[TokenEnds] = ends;
        else context.Items[TokenEnds] = host.Time.GetUtcNow();
        return result is { Succeeded: true, Principal: { } principal } ? CallerOf(principal, oidc) : (null, "This token is not valid here: its issuer, audience, signature or time does not fit.");
    }

    private static (Caller? Caller, string Problem) CallerOf(ClaimsPrincipal principal, OidcOptions oidc)
    {
        var subject = principal.FindFirstValue("sub");
        var workspace = principal.FindFirstValue(oidc.WorkspaceClaim);
        if (subject is not { Length: > 0 } || !Paging.IsName(workspace)) return (null, $"The token names no workspace: the claim '{oidc.WorkspaceClaim}' is missing or is no name.");
        if (!Words.TryRead<Role>(principal.FindFirstValue(oidc.RoleClaim) ?? "", out var role)) return (null, $"The token names no role: the claim '{oidc.RoleClaim}' is one of {Words.All<Role>()}.");
        var name = principal.FindFirstValue("preferred_username") ?? principal.FindFirstValue("email") ?? subject;
        return (new Caller(workspace, new string([.. name.Take(200).Where(c => !char.IsControl(c))]), role, $"token {workspace} {subject}"), "");
    }
}
