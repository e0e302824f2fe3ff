using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>A flow file with one mistake put into it: a good set of tests tells it from the file as it is.</summary>
/// <param name="Source">The file as it is.</param>
/// <param name="Line">Where the mistake is.</param>
/// <param name="What">In words: <c>account: set Name removed</c>.</param>
/// <param name="Edits">What is changed.</param>
internal sealed record Mutant(SourceText Source, int Line, string What, IReadOnlyList<TextEdit> Edits)
{
    /// <summary>The file with its mistake.</summary>
    public SourceText Changed() => new(Source.Path, TextEdit.Apply(Source.Content, Edits));
}
