using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using System.Text.Json;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Simulators;

/// <summary>What both simulators share: clock, faults, statistics and the gate that makes every call one step.</summary>
public abstract class Simulator
{
    private readonly ControlEndpoints _controls;
    private readonly RateGate _rate;
    private int _held;

    private protected Simulator(SimulatorOptions options, string title, int vendorRate)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Title = title;
        Clock = new SimulatorClock(options.TimeProvider);
        Faults = new FaultSwitchboard(options.Seed);
        _rate = new RateGate(options.Rate ?? vendorRate, Clock);
        _controls = new ControlEndpoints(this);
    }

    public SimulatorOptions Options { get; }

    public SimulatorClock Clock { get; }

    public FaultSwitchboard Faults { get; }

    public CallStatistics Statistics { get; } = new();

    /// <summary>Calls that a fault or the latency holds at this moment: only time brings them on.</summary>
    public int Held => Volatile.Read(ref _held);

    internal string Title { get; }

    /// <summary>All state is read and written under this gate: a call is one step, as in one database transaction.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Forgets records, tokens, faults and statistics; the clock keeps running.</summary>
    public void Reset()
    {
        lock (Gate)
        {
            ClearRecords();
        }

        Faults.Clear();
        Faults.ResetCounts();
        Statistics.Clear();
    }

    /// <summary>Cancelled when the host stops.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>The port of a second, encrypted listener; null when there is none.</summary>
    internal virtual int? SecurePort => null;

    /// <summary>Adds what the second listener serves.</summary>
    internal virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Maps what the second listener serves.</summary>
    internal virtual void MapServices(IEndpointRouteBuilder endpoints)
    {
    }

    internal abstract void ClearRecords();

    /// <summary>Ends what runs beside the calls; the host stops.</summary>
    internal virtual void Stop()
    {
    }

    /// <summary>The vendor's own surface. Called under <see cref="Gate"/>.</summary>
    internal abstract Answer Handle(SimulatorRequest request);

    /// <summary>Control calls of this vendor (<c>/_people</c>, <c>/_setup</c>); null when the path is none of them. Called under <see cref="Gate"/>.</summary>
    internal abstract Answer? HandleControl(SimulatorRequest request);

    internal abstract bool IsToken(SimulatorRequest request);

    /// <summary>The vendor's answer for a fault of the switchboard.</summary>
    internal abstract Answer FaultAnswer(FaultRule rule);

    /// <summary>Forgets the token that came with the request.</summary>
    internal abstract void ExpireToken(SimulatorRequest request);

    internal abstract void WriteRecords(Utf8JsonWriter writer, string? type, bool deleted);

    internal abstract IReadOnlyList<RecordTable> Tables();

    internal async Task<Exchange> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        if (request.Segments.Length == 0 || request.Segments[0].StartsWith('_') || request.Segments is ["favicon.ico"])
        {
            return new Exchange(Guarded(request, _controls.Handle), false, null, null);
        }

        Statistics.Begin();
        var exchange = Exchange.Reset;
        try
        {
            exchange = await AnswerVendorAsync(request, cancellationToken);
            return exchange;
        }
        finally
        {
            Statistics.End(new CallRecord(
                Clock.GetUtcNow(), request.Kind, request.Method, request.Path, exchange.Answer?.Status ?? 0,
                exchange.Answer is not null ? null : exchange.Hold ? "held" : "reset", request.Rows));
        }
    }

    private async Task<Exchange> AnswerVendorAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var isToken = IsToken(request);
        var faults = request.Faults = Faults.Decide(request.Method, request.Path, isToken);
        if (faults.Find(FaultKind.Slow) is { } slow)
        {
            await Delay(slow.DelayMs ?? 1_000, cancellationToken);
        }

        Answer answer;
        var instead = faults.Instead;
        if (instead is not null)
        {
            request.Kind = "fault";
            switch (instead.Kind)
            {
                case FaultKind.TimeoutBefore: return new Exchange(null, true, instead.DelayMs, null);
                case FaultKind.Reset: return Exchange.Reset;
                case FaultKind.ExpiredToken:
                    lock (Gate) { ExpireToken(request); }
                    break;
            }

            answer = FaultAnswer(instead);
        }
        else if (!isToken && !_rate.TryTake(out var wait))
        {
            request.Kind = "rateLimited";
            answer = FaultAnswer(new FaultRule { Kind = FaultKind.RateLimited, RetryAfterSeconds = Options.RetryAfter ? wait : null });
        }
        else
        {
            answer = Guarded(request, Handle);
        }

        if (Options.LatencyMs > 0)
        {
            await Delay(Options.LatencyMs, cancellationToken);
        }

        if (faults.Find(FaultKind.TimeoutAfter) is { } lost)
        {
            return new Exchange(null, true, lost.DelayMs, request.AfterSending);
        }

        if (faults.Find(FaultKind.LostAnswer) is not null)
        {
            return Exchange.Reset with { AfterSending = request.AfterSending };
        }

        if (faults.Find(FaultKind.Malformed) is { } malformed)
        {
            answer = malformed.Body is { } body
                ? Answer.Text(malformed.Status ?? answer.Status, body, "application/json;charset=UTF-8")
                : answer with { Body = answer.Body[..(answer.Body.Length / 2)] };
        }

        return new Exchange(answer, false, null, request.AfterSending);
    }

    /// <summary>Holds a call for so long.</summary>
    internal async Task HoldAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await Task.Delay(time, Clock, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    private Task Delay(int milliseconds, CancellationToken cancellationToken) => HoldAsync(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 3_600_000)), cancellationToken);

    private Answer Guarded(SimulatorRequest request, Func<SimulatorRequest, Answer> handle)
    {
        try
        {
            lock (Gate)
            {
                return handle(request);
            }
        }
        catch (Refusal refusal)
        {
            return refusal.Answer;
        }
    }
}
