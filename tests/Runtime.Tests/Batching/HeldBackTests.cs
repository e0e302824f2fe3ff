using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime.Tests.Batching;

/// <summary>Rows of a backfill whose call the realm's budget does not let go yet.</summary>
public sealed class HeldBackTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan ClaimsLast = TimeSpan.FromMinutes(10);

    private readonly ScriptedConnection _connection = new();
    private readonly RunnableCounter _runnable = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Batcher _batcher;

    public HeldBackTests()
    {
        _batcher = new Batcher(new RecordingCommit(), _runnable, _time, new BatcherOptions());
    }

    public void Dispose() => _batcher.Dispose();

    [Fact]
    public async Task They_wait_for_their_share_in_memory_and_go_back_to_their_runs_before_their_claims_are_at_an_end()
    {
        _connection.OnWrite = _ => Task.FromResult(BatchAnswer<WriteResult>.Failed(
            new OperationError(ErrorKind.RateLimited, OperationError.Budget, "Others had the share.") { RetryAfter = Pause, NotExecuted = true }));
        _runnable.Enter();
        var asked = _batcher.WriteAsync(
            new WriteAsk
            {
                Connection = new BoundConnection
                {
                    Name = "fake", Workspace = "default", Realm = "fake:1", Connection = _connection, Settle = TimeSpan.FromMinutes(1),
                    Descriptor = new ConnectorDescriptor { Name = "fake", Title = "Fake", Entities = [], Settle = TimeSpan.FromMinutes(1) },
                },
                Entity = "Account", Verb = WriteVerb.Create, Priority = CallPriority.Backfill, Item = new WriteItem { Fields = new Dictionary<string, object?> { ["name"] = "Ada" } },
            },
            CancellationToken.None);
        while (!asked.IsCompleted)
        {
            // Each try but the first stands for a pause that was waited out.
            Assert.InRange(_connection.Writes.Count, 0, (int)(ClaimsLast / Pause));
            _time.Advance(Pause);
            for (var i = 0; i < 100; i++) await Task.Yield();
        }

        var answer = await asked;
        Assert.Equal((ErrorKind.RateLimited, Pause), (answer.Outcome.Error!.Kind, answer.Outcome.Error!.RetryAfter));
        Assert.InRange(_connection.Writes.Count, 2, int.MaxValue);
    }
}
