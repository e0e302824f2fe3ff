using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Cluster;

/// <summary>What a node says of the others.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(6001, LogLevel.Information, "This node runs {Count} more lanes, {Total} in all; {Died} events were in flight when their owner was lost.")]
    public static partial void Owns(ILogger log, int count, int total, int died);

    [LoggerMessage(6002, LogLevel.Information, "This node gave {Count} lanes back.")]
    public static partial void Gave(ILogger log, int count);

    [LoggerMessage(6003, LogLevel.Warning, "Other nodes took {Count} lanes from this one ({Lanes}): it did not answer for too long. What was in memory of them is void.")]
    public static partial void Lost(ILogger log, int count, string lanes);

    [LoggerMessage(6005, LogLevel.Error, "The other nodes took this one for dead, or it cannot go on among them: {Reason}")]
    public static partial void Expelled(ILogger log, string reason);

    [LoggerMessage(6006, LogLevel.Warning, "This node's part of the budget of {Realm} is not told; it goes on with half of an even one: {Problem}")]
    public static partial void BudgetNotTold(ILogger log, string realm, string problem);

    [LoggerMessage(6004, LogLevel.Warning, "The other nodes or the database cannot be reached: {Problem}")]
    public static partial void RoundFailed(ILogger log, string problem);
}
