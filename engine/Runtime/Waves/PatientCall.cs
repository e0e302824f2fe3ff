using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Calls of jobs: trouble of the outside is waited out, however long it is, because rows of many runs hang on them.</summary>
internal static class PatientCall
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostPause = TimeSpan.FromMinutes(5);

    /// <summary>The vendor's answer, or a failure that no repeat mends.</summary>
    /// <exception cref="OperationCanceledException">The engine stops.</exception>
    public static async Task<Outcome<T>> AnswerAsync<T>(Func<Task<Outcome<T>>> call, Action<OperationError> failed, TimeProvider time, CancellationToken stop)
    {
        for (var pause = FirstPause; ;)
        {
            var answer = await call().ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (answer.Error is not { } error || IsFinal(error)) return answer;
            failed(error);
            await Task.Delay(error.RetryAfter ?? pause, time, stop).ConfigureAwait(false);
            pause = pause * 2 < MostPause ? pause * 2 : MostPause;
        }
    }

    /// <summary>A repeat would be answered alike.</summary>
    public static bool IsFinal(OperationError error) =>
        error.Kind is ErrorKind.Rejected or ErrorKind.Misconfigured or ErrorKind.Conflict or ErrorKind.Bug || error is { Kind: ErrorKind.BatchScoped, WhenAlone: ErrorKind.Rejected };
}
