using System.Net.Http.Headers;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date; at most a day.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    public static TimeSpan? Of(RetryConditionHeaderValue? header, TimeProvider time)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        if (wait is not { } found) return null;
        return found < TimeSpan.Zero ? TimeSpan.Zero : found > Most ? Most : found;
    }
}
