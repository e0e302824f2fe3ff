namespace WorkflowEngine.Definitions;

/// <summary>What the trap scanner found: a diagnostic for each trap, and the edits that mend those that can be mended.</summary>
/// <param name="Hopeless">Reading on would be wrong or dangerous.</param>
internal sealed record TrapScan(IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<TextEdit> Edits, bool Hopeless);
