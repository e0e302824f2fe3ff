using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>The dead letter of an event whose input or key cannot be computed when it comes in: without a key it has no lane.</summary>
internal static class Unkeyed
{
    public static NewDeadLetter Of(
        ActiveDeployment deployment, PlanTrigger trigger, SourceRow row, object? payload, string step, EvaluationFault fault, DateTimeOffset now)
    {
        var mapping = step == "with" ? trigger.With! : deployment.Flow.Key!;
        return new NewDeadLetter
        {
            Deployment = deployment.Ref,
            FlowHash = deployment.Flow.Hash,
            Trigger = trigger.Id,
            Kind = EventKind.Change,
            Key = row.RecordId,
            Entity = trigger.Entity?.Name,
            RecordId = trigger.Entity is null ? null : row.RecordId,
            Version = row.Version,
            Payload = Payload.Encode(payload),
            Full = payload is not null,
            RunId = "",
            Step = step,
            Place = mapping.Places.Count > 0 ? mapping.Places[Math.Max(0, fault.Source)].ToString() : null,
            ErrorKind = ErrorKind.Rejected,
            Code = fault.Code,
            Message = fault.Message,
            Fingerprint = $"{deployment.Flow.Id}/{step}/{fault.Code}",
            Attempts = [],
            At = now,
            ReceivedAt = now,
            Priority = CallPriority.Live,
        };
    }
}
