using System.Reflection;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions.Tests;

public sealed class DiagnosticCodeTests
{
    private static readonly Type[] Families = [typeof(SyntaxDiagnostics), typeof(TrapDiagnostics), typeof(ShapeDiagnostics)];

    [Fact]
    public void Every_code_belongs_to_one_method()
    {
        var codes = Families.SelectMany(CodesOf).ToList();
        Assert.NotEmpty(codes);
        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, c => Assert.Matches(new Regex("^WF1[0-9]{3}$"), c));
    }

    [Fact]
    public void Every_message_is_a_sentence()
    {
        foreach (var diagnostic in Families.SelectMany(Make))
        {
            Assert.Matches(new Regex(@"^[A-Z0-9'].*[.?]$", RegexOptions.Singleline), diagnostic.Message);
        }
    }

    internal static IEnumerable<string> CodesOf(Type family) => Make(family).Select(d => d.Code);

    private static IEnumerable<Diagnostic> Make(Type family) =>
        family.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(Diagnostic))
            .Select(m => (Diagnostic)m.Invoke(null, [.. m.GetParameters().Select(p => Argument(p.ParameterType))])!);

    private static object? Argument(Type type)
    {
        var source = new SourceText("flow.yaml", "flow: x\n");
        return type == typeof(string) ? "X"
            : type == typeof(SourceSpan) ? source.SpanOf(0, 4)
            : type == typeof(SourceText) ? source
            : type == typeof(DiagnosticFix) ? new DiagnosticFix("x", [new TextEdit(0, 0, "")])
            : type == typeof(IReadOnlyCollection<string>) ? new[] { "x" }
            : type == typeof(LinePosition) ? new LinePosition(1, 1)
            : Activator.CreateInstance(type);
    }
}
