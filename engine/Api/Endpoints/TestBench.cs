using Microsoft.AspNetCore.Http;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Tests start whole engines: one request at a time, and each has an end.</summary>
internal sealed class TestBench(ApiServerOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task<IResult> RunAsync(IReadOnlyList<StoredFile> files, string? only, bool coverage, CancellationToken cancellationToken)
    {
        if (options.Tester is not { } tester) return Problem.NotFound("This server runs no tests of flows: it was started without simulators. 'flow test' runs them.");
        if (!await _one.WaitAsync(Turn, cancellationToken).ConfigureAwait(false)) return Problem.Busy("Other tests are running; send the request again.", Turn);
        try
        {
            using var end = new CancellationTokenSource(Longest, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
            try
            {
                return Results.Json(await tester(files, only, coverage, both.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return Problem.Unprocessable($"The tests did not end within {Longest.TotalMinutes:0} minutes. Run fewer at once ('only'), or on the command line.");
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
