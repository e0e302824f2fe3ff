using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>What a plan predicted, and what then happened.</summary>
internal static class PlanOutcomeEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/api/flows/plan/outcome", Role.Operator, "comparePlan", "Compares a plan with what has happened since: effect by effect, with the reason where it did not come true.", CompareAsync) { Answer = typeof(PlanOutcomeAnswer) },
    ];

    private static async Task<IResult> CompareAsync(Call call, PlanOutcomes outcomes, Deployer deployer, PlanOutcomeBody body, CancellationToken cancellationToken)
    {
        if (body.Deployment is null || body.Since is not { } since) return Problem.BadRequest("Name the deployment that was planned, and since when ('since').");
        if (body.Runs is not { Count: > 0 and <= PlanRequest.MostEvents } runs) return Problem.BadRequest($"Give the plan's runs: 1 to {PlanRequest.MostEvents}.");
        if (runs.Any(r => r?.Event is null || r.Effects is null || r.Effects.Any(e => e?.Verb is null || e.Entity is null || e.Fields is null || e.Fields.Any(f => f?.Name is null)))) return Problem.BadRequest("A run of a plan has 'event' and 'effects', an effect 'verb', 'entity' and 'fields'.");
        var flows = deployer.FlowsOf(call.Workspace, body.Deployment);
        if (flows.Count > 1) return Problem.BadRequest($"'{body.Deployment}' has several flows; name one: {string.Join(", ", flows.Select(f => f.Name))}.");
        if (flows.Count == 0) return Problem.NotFound($"There is no deployment '{body.Deployment}'.");
        var predicted = runs.Select(r => new PredictedRun(r.Event, [.. r.Effects.Select(e => ComparedEffect.Predicted(e.Verb, e.Entity, e.Fields.Select(f => (f.Name, f.After, f.KnownAfterApply))))])).ToList();
        return Results.Json(PlanOutcomeAnswer.Of(await outcomes.CompareAsync(flows[0].Ref, since.ToUniversalTime(), predicted, cancellationToken).ConfigureAwait(false)));
    }
}
