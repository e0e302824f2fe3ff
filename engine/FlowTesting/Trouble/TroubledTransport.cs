using System.Collections.Immutable;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.FlowTesting;

/// <summary>The way to a simulator: strikes the calls of a step with the faults of the test, and lets nothing through once the engine is dead.</summary>
internal sealed class TroubledTransport : DelegatingHandler
{
    private readonly Simulator _simulator;
    private readonly FaultPlan _faults;
    private readonly CrashSwitch _crash;
    private readonly Traffic _traffic;
    private readonly int _process;

    public TroubledTransport(Simulator simulator, FaultPlan faults, CrashSwitch crash, Traffic traffic)
        : base(new SimulatorTransport(simulator))
    {
        (_simulator, _faults, _crash, _traffic, _process) = (simulator, faults, crash, traffic, crash.Process);
        traffic.Watch(simulator);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_crash.HasDied(_process)) throw new HttpRequestException(HttpRequestError.ConnectionError, "The process of the test is dead.");
        _traffic.Begin();
        var armed = 0;
        try
        {
            // A token or a describe made on the way is not the step's own call.
            if (StepMarks.Current is { } mark && !IsAside(request, mark) && _faults.Take(mark.Steps, mark.Write && request.Method != HttpMethod.Get) is { } rule)
            {
                // Only Salesforce refuses single rows of a call.
                if (rule.Rows && _simulator is not SalesforceSimulator) rule = rule with { Rows = false, Status = 400 };
                armed = _simulator.Faults.Add(rule with { Method = request.Method.Method, Path = request.RequestUri!.AbsolutePath });
            }

            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (armed > 0) _simulator.Faults.Remove(armed);
            _traffic.End();
        }
    }

    private static bool IsAside(HttpRequestMessage request, StepMark mark)
    {
        var path = request.RequestUri!.AbsolutePath;
        return path.EndsWith("/token", StringComparison.Ordinal) || path.EndsWith("/describe", StringComparison.Ordinal) || (mark.Write && request.Method == HttpMethod.Get);
    }
}

/// <summary>Calls begun and ended, of both systems.</summary>
internal sealed class Traffic
{
    private long _begun;
    private long _ended;
    private ImmutableHashSet<Simulator> _systems = [];

    public long Moves => Interlocked.Read(ref _begun) + Interlocked.Read(ref _ended);

    public bool IsUnderWay => Interlocked.Read(ref _begun) > Interlocked.Read(ref _ended);

    /// <summary>Every call under way is held by its system, whoever put the fault there, so that only time brings it on.</summary>
    public bool IsHeld => _systems.Sum(system => system.Held) is var held and > 0 && Interlocked.Read(ref _begun) - Interlocked.Read(ref _ended) <= held;

    /// <summary>Looks at the calls of this system too.</summary>
    public void Watch(Simulator system) => ImmutableInterlocked.Update(ref _systems, systems => systems.Add(system));

    public void Begin() => Interlocked.Increment(ref _begun);

    public void End() => Interlocked.Increment(ref _ended);
}
