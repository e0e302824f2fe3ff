using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

internal static class TestReport
{
    /// <summary>No finding; the failure shows them as an author would see them.</summary>
    public static void Clean(IEnumerable<Diagnostic> diagnostics)
    {
        var text = DiagnosticRenderer.Render(diagnostics);
        if (text.Length > 0) Assert.Fail(text);
    }
}
