namespace WorkflowEngine.FlowTesting;

/// <summary>What became of a mutant.</summary>
public enum MutantFate
{
    /// <summary>A test failed: the mistake would be seen.</summary>
    Killed,

    /// <summary>The check refused it: the mistake cannot be deployed.</summary>
    Refused,

    /// <summary>Every test held all the same.</summary>
    Survived,
}

/// <summary>A mistake that was put into a flow, and whether it was seen.</summary>
/// <param name="Template">The template.</param>
/// <param name="Path">The file.</param>
/// <param name="Line">Its line.</param>
/// <param name="What">In words: <c>account: set Name left out</c>.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="By">The test that saw it; null when none did.</param>
public sealed record MutationResult(string Template, string Path, int Line, string What, MutantFate Fate, string? By);

/// <summary>How many mistakes, put into the flows one by one, their tests see.</summary>
/// <param name="Tests">The tests over the flows as they are; a test that fails there says nothing about mistakes, so then no mutant is tried.</param>
/// <param name="Mutants">Every mistake that was tried.</param>
public sealed record MutationReport(FlowTestReport Tests, IReadOnlyList<MutationResult> Mutants)
{
    /// <summary>Killed of those that the check lets through, 0 to 1, of one template; 1 when there is none.</summary>
    public double Score(string template)
    {
        var tried = Mutants.Where(m => m.Template == template && m.Fate != MutantFate.Refused).ToList();
        return tried.Count == 0 ? 1 : (double)tried.Count(m => m.Fate == MutantFate.Killed) / tried.Count;
    }
}
