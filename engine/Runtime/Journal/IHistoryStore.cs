namespace WorkflowEngine.Runtime;

/// <summary>Forgets what explains the past. Execution never reads any of it.</summary>
public interface IHistoryStore
{
    /// <summary>Removes at most so many rows of each kind that are older than given: blocks of the journal, and rows of runs with their effects. Returns how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset journalBefore, DateTimeOffset runsBefore, int most, CancellationToken cancellationToken);
}
