using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Traces: event → run → step → call. The trace of a run follows from its id, so what it does after a retry, a wait or a restart stands in the same trace. A call serves many runs: it is a span of its own, linked
/// to each. Nothing here holds a value of a record.
/// </summary>
public static class RuntimeTrace
{
    /// <summary>What a listener asks for.</summary>
    public const string Name = "WorkflowEngine.Runtime";

    private const int MostLinks = 64;

    private static readonly ActivitySource Source = new(Name);

    internal static bool IsOn => Source.HasListeners();

    /// <summary>A run as long as it is in memory.</summary>
    internal static Activity? Run(Run run)
    {
        if (!Source.HasListeners()) return null;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(run.State.RunId), hash);
        var root = new ActivityContext(ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded);
        var activity = Source.StartActivity("run " + run.Deployment.Flow.Id, ActivityKind.Consumer, root);
        activity?.SetTag("flow.run", run.State.RunId).SetTag("flow.event", run.State.EventId).SetTag("flow.workspace", run.Deployment.Ref.Workspace).SetTag("flow.deployment", run.Deployment.Name)
            .SetTag("flow.version", run.Deployment.Flow.Hash).SetTag("flow.trigger", run.State.Trigger);
        return activity;
    }

    internal static Activity? Step(PlanStep step)
    {
        var activity = Source.StartActivity("step " + step.Name);
        activity?.SetTag("flow.step", step.Name).SetTag("flow.activity", step.Activity).SetTag("flow.place", step.Place.ToString());
        return activity;
    }

    /// <summary>One remote call for the rows of many runs.</summary>
    internal static Activity? Call(string name, IReadOnlyList<Pending> rows)
    {
        if (!Source.HasListeners()) return null;
        var links = rows.Where(r => r.Trace is not null).Take(MostLinks).Select(r => new ActivityLink(r.Trace!.Value));
        var activity = Source.StartActivity("call " + name, ActivityKind.Client, default(ActivityContext), tags: null, links: links);
        activity?.SetTag("flow.rows", rows.Count);
        return activity;
    }

    internal static void Failed(Activity? activity, Abstractions.OperationError? error)
    {
        if (activity is null || error is null) return;
        activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.Code).SetTag("flow.error", error.Kind.ToString());
    }
}
