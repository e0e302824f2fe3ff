using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Inbound calls by token: one that floods does not take the others' turn, and guessing is slow. A token that holds is never refused for what strangers send from the same address.</summary>
internal sealed class HookGate(FlowHost host, AccessOptions options)
{
    private const int AtOnce = 10;

    private readonly RateGate _failures = new(0.5, options.Wrong, host.Time);

    private readonly RateGate _rates = new(options.HookRate, (int)Math.Max(1, options.HookRate * AtOnce), host.Time);

    /// <summary>Null when the call may pass.</summary>
    public IResult? OfHook(HttpContext context, string deployment, string token)
    {
        if (host.Hooks.Find(deployment, token, host.Time.GetUtcNow()) is { } workspace) return Over($"{workspace}/{deployment}/{Convert.ToHexString(HookBook.Hash(token), 0, 8)}");
        return _failures.Enter(context.Connection.RemoteIpAddress?.ToString() ?? "") is { } pause ? Problem.TooMany(pause) : null;
    }

    /// <summary>For a vendor's webhook, whose signature is not looked at yet: by address too, so that a stranger who knows the name does not take the vendor's turn.</summary>
    public IResult? OfWebhook(HttpContext context, string workspace, string connection) => Over($"{workspace}//{connection}//{context.Connection.RemoteIpAddress}");

    private IResult? Over(string who) => _rates.Enter(who) is { } wait ? Problem.TooMany(wait) : null;
}
