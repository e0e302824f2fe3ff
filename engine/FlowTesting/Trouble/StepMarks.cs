namespace WorkflowEngine.FlowTesting;

/// <summary>Which steps the call under way works for; flows from the connection down to its transport.</summary>
internal static class StepMarks
{
    private static readonly AsyncLocal<StepMark?> Now = new();

    public static StepMark? Current
    {
        get => Now.Value;
        set => Now.Value = value;
    }
}

/// <summary>A batch under way.</summary>
/// <param name="Steps">The steps that asked.</param>
/// <param name="Write">It changes something.</param>
internal sealed record StepMark(IReadOnlyList<string> Steps, bool Write);
