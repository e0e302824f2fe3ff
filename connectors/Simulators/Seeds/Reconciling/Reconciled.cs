namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>One thing that must hold between both systems, and what of it does not.</summary>
/// <param name="Flow">The flow that sees to it.</param>
/// <param name="What">In words.</param>
/// <param name="Checked">How many records were compared.</param>
/// <param name="Differences">One line each; empty = it holds.</param>
public sealed record Reconciled(string Flow, string What, int Checked, IReadOnlyList<string> Differences);
