namespace WorkflowEngine.Abstractions;

/// <summary>The record an operation makes, and how it is found when the answer is lost.</summary>
/// <param name="Entity">Its entity.</param>
/// <param name="By">Inputs that identify it, each with the field of the record that carries its value.</param>
/// <param name="Output">What the operation gives back, each with the field of the record it is read from.</param>
public sealed record MadeRecord(string Entity, IReadOnlyDictionary<string, string> By, IReadOnlyDictionary<string, string> Output);
