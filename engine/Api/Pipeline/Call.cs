using System.Text.Json;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>One request: who calls, in which workspace, under which id. Filled by the pipeline before an endpoint runs.</summary>
internal sealed class Call(FlowHost host)
{
    private Caller? _caller;

    public Caller Caller
    {
        get => _caller ?? throw new InvalidOperationException("The endpoint needs no caller.");
        set => _caller = value;
    }

    public string RequestId { get; set; } = "";

    public FlowHost Host { get; } = host;

    public HostedWorkspace Workspace => Host.Workspace(Caller.Workspace);

    public DateTimeOffset Now => Host.Time.GetUtcNow();

    /// <summary>Notes a change that was made: not given up when the caller goes away. Before and after must hold no secret.</summary>
    public Task AuditAsync(string action, string target, object? before, object? after) => Host.Settings.Audit.AddAsync(
        new AuditEntry
        {
            Workspace = Caller.Workspace, At = Now, Actor = Caller.Name, Action = action, Target = target, RequestId = RequestId,
            Before = before is null ? null : JsonSerializer.Serialize(before, ApiJson.Options), After = after is null ? null : JsonSerializer.Serialize(after, ApiJson.Options),
        },
        CancellationToken.None);
}
