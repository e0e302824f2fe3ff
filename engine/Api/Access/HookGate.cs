using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Inbound calls by token: one that floods does not take the others' turn, and guessing is slow. A token that holds is never refused for what strangers send from the same address.</summary>
internal sealed class HookGate(FlowHost host, AccessOptions options)
{
    private const int AtOnce = 10;

    /// <summary>How soon this server surely has read what another was told.</summary>
    private static readonly TimeSpan Followed = TimeSpan.FromSeconds(3);

    private readonly RateGate _failures = new(0.5, options.Wrong, host.Time);

    private readonly RateGate _rates = new(options.HookRate, (int)Math.Max(1, options.HookRate * AtOnce), host.Time);

    /// <summary>Null when the call may pass.</summary>
    public async Task<IResult?> OfHookAsync(HttpContext context, string deployment, string token)
    {
        if (host.Hooks.Find(deployment, token, host.Time.GetUtcNow()) is { } workspace) return Over($"{workspace}/{deployment}/{Convert.ToHexString(HookBook.Hash(token), 0, 8)}");
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_failures.Enter(address, take: false) is { } pause) return Problem.TooMany(pause);
        // A sender takes 404 for the last word, so a token that another server made a moment ago is not told it.
        if (await host.WillTakeAsync(deployment, token, context.RequestAborted).ConfigureAwait(false)) return Problem.Busy("This server has not read of the hook yet; send the event again.", Followed);
        return _failures.Enter(address) is { } over ? Problem.TooMany(over) : null;
    }

    /// <summary>For a vendor's webhook, whose signature is not looked at yet: by address too, so that a stranger who knows the name does not take the vendor's turn.</summary>
    public IResult? OfWebhook(HttpContext context, string workspace, string connection) => Over($"{workspace}//{connection}//{context.Connection.RemoteIpAddress}");

    private IResult? Over(string who) => _rates.Enter(who) is { } wait ? Problem.TooMany(wait) : null;
}
