using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

internal static class Samples
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentRef Deployment = new("default", new Guid("11111111-1111-1111-1111-111111111111"));

    public static RunRow Run(string id, long eventId = 1) => new()
    {
        Id = id,
        Deployment = Deployment,
        FlowHash = "hash",
        EventId = eventId,
        Trigger = "changed",
        Key = "k",
        RecordId = "rec",
        Outcome = RunOutcome.Succeeded,
        Text = "done",
        AcceptedAt = Noon,
        StartedAt = Noon.AddTicks(1),
        EndedAt = Noon.AddTicks(12345),
        Attempts = 2,
        Effects = 3,
        Priority = CallPriority.Retry,
        ReplayOf = 5,
    };

    public static NewDeadLetter Letter(string key, string fingerprint = "f") => new()
    {
        Deployment = Deployment,
        FlowHash = "hash",
        Trigger = "changed",
        Kind = EventKind.Change,
        Key = key,
        Entity = "Customer",
        RecordId = "rec",
        Version = "v1",
        Payload = [1, 2, 3],
        Full = true,
        State = [4, 5],
        RunId = "run",
        Step = "contact",
        Place = "flow.yaml:12:5",
        ErrorKind = ErrorKind.Rejected,
        Code = "REQUIRED_FIELD_MISSING",
        Message = "LastName is missing",
        Fingerprint = fingerprint,
        Attempts = ["12:00 first", "12:05 second"],
        At = Noon,
        ReceivedAt = Noon.AddMinutes(-1),
        Priority = CallPriority.Live,
    };

    public static EffectRow Effect(string run, string record, string step = "contact") => new()
    {
        Workspace = "default",
        Realm = "org",
        Entity = "Contact",
        RecordId = record,
        RunId = run,
        Step = step,
        Verb = "created",
        Fields = ["LastName", "Email"],
        At = Noon,
    };
}
