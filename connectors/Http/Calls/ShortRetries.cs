using Polly;
using Polly.Retry;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>The only waiting a connector does by itself: two short repeats of a read, under 2 seconds in all. Longer waits are the engine's, and durable.</summary>
internal static class ShortRetries
{
    private const int Repeats = 2;
    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(700)];

    public static ResiliencePipeline Build(TimeProvider time, int seed)
    {
        var random = new Random(seed);
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Repeats,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is IAttempt { Error: { } error } && Repeatable(error)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Wait(args, random)),
            })
            .Build();
    }

    // A time-out is not repeated: it has already cost its whole time.
    private static bool Repeatable(OperationError error) =>
        error is { Kind: ErrorKind.Transient, Code: not "timeout" } && (error.RetryAfter is null || error.RetryAfter <= LongestAsked);

    private static TimeSpan Wait(RetryDelayGeneratorArguments<object> args, Random random)
    {
        if (args.Outcome.Result is IAttempt { Error.RetryAfter: { } asked }) return asked;
        double share;
        lock (random) share = random.NextDouble();
        return Waits[Math.Min(args.AttemptNumber, Waits.Length - 1)] * (0.5 + (0.5 * share));
    }

    internal interface IAttempt
    {
        OperationError? Error { get; }
    }

    internal sealed record Attempt<T>(Abstractions.Outcome<T> Outcome) : IAttempt
    {
        public OperationError? Error => Outcome.Error;
    }
}
