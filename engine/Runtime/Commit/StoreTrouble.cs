using System.Data.Common;

namespace WorkflowEngine.Runtime;

/// <summary>Tells a database that cannot be reached, or answers with a failure, from a mistake of ours.</summary>
internal static class StoreTrouble
{
    /// <summary>Whether a failure is the database's, however it was wrapped.</summary>
    public static bool IsIn(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException) return true;
        }

        return false;
    }
}
