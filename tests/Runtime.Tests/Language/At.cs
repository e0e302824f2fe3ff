namespace WorkflowEngine.Runtime.Tests;

/// <summary>Does something at every boundary of an effect.</summary>
internal sealed class At(Action reached) : IEffectBoundary
{
    public void Reached(EffectMoment moment, string runId, string step) => reached();
}
