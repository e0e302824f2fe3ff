namespace WorkflowEngine.Runtime;

/// <summary>When a vendor is asked again for what it need not show yet.</summary>
internal static class LookupTimes
{
    /// <summary>The first time after a call whose answer was lost.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] BeforeSettle = [First, TimeSpan.FromSeconds(60)];

    /// <summary>10 s, 60 s and settle after a moment; null when all have passed.</summary>
    public static DateTimeOffset? Next(DateTimeOffset at, TimeSpan settle, DateTimeOffset now)
    {
        foreach (var after in BeforeSettle)
        {
            if (after < settle && at + after > now) return at + after;
        }

        return at + settle > now ? at + settle : null;
    }
}
