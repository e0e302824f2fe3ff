using System.Net;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Every HTTP call, a replay too, passes the realm's budget; a 429 pauses the realm.</summary>
internal sealed class GateHandler(ICallGate gate, TimeProvider time, Action<HttpResponseMessage, ICallGate>? observe) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<CallPriority> PriorityKey = new(CallProperties.Priority);
    private int _silentRefusals;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var priority = request.Options.TryGetValue(PriorityKey, out var given) ? given : CallPriority.Live;
        if (await gate.EnterAsync(priority, cancellationToken).ConfigureAwait(false) is { } refused)
        {
            throw new CallRefusedException(refused with { NotExecuted = true });
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            gate.Pause(RetryAfter.Of(response.Headers.RetryAfter, time) ?? SilentPause());
        }
        else
        {
            Volatile.Write(ref _silentRefusals, 0);
        }

        observe?.Invoke(response, gate);
        return response;
    }

    // A vendor that says 429 without a time gets 1, 2, 4 … 30 s, until a call passes again.
    private TimeSpan SilentPause() => TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(5, Interlocked.Increment(ref _silentRefusals) - 1)));
}
