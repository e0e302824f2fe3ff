using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary><c>retry</c> and <c>timeout</c> make sense together.</summary>
internal static class StepShapeCheck
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    public static void Check(StepDefinition step, DiagnosticBag problems)
    {
        if (step.Retry is { } retry)
        {
            if (retry.Attempts is { Value: < 1 or > 100 } attempts)
            {
                problems.Add(FlowDiagnostics.RetryShape(attempts.Span, $"A step is tried from 1 to 100 times, not {attempts.Value}"));
            }

            if (retry is { First: { } first, Most: { } most } && first.Value > most.Value)
            {
                problems.Add(FlowDiagnostics.RetryShape(first.Span, "The first pause is longer than the longest one ('most')"));
            }

            if (retry.First is { } pause && pause.Value <= TimeSpan.Zero) problems.Add(FlowDiagnostics.RetryShape(pause.Span, "The first pause must be longer than nothing"));
        }

        if (step.Timeout is { } timeout && (timeout.Value <= TimeSpan.Zero || timeout.Value > LongestTimeout))
        {
            problems.Add(FlowDiagnostics.TimeoutShape(timeout.Span));
        }
    }
}
