namespace WorkflowEngine.Hosting;

/// <summary>What a host is told as its database, before it is opened.</summary>
public static class HostDatabase
{
    /// <summary>Why a text names no database, in a sentence that shows nothing of it; null when it does.</summary>
    /// <param name="database">A SQLite file, or <c>postgres:</c> and a connection string.</param>
    public static string? ProblemOf(string database) => HostStores.ProblemOf(database);
}
