namespace WorkflowEngine.Simulators.Http;

/// <summary>One table of the page that shows a simulator's records.</summary>
internal sealed record RecordTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, int Total);
