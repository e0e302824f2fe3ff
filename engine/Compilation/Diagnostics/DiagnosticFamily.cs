using System.Reflection;
using System.Runtime.CompilerServices;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>Makes the diagnostics of one class: the code comes from the attribute of the method that asks, so that it is written once.</summary>
internal sealed class DiagnosticFamily(Type type)
{
    private readonly Dictionary<string, DiagnosticCodeAttribute> codes = type
        .GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Where(m => m.GetCustomAttribute<DiagnosticCodeAttribute>() is not null)
        .ToDictionary(m => m.Name, m => m.GetCustomAttribute<DiagnosticCodeAttribute>()!, StringComparer.Ordinal);

    public IReadOnlyCollection<DiagnosticCodeAttribute> Codes => codes.Values;

    public Diagnostic Make(SourceSpan span, string message, string? hint = null, DiagnosticFix? fix = null, [CallerMemberName] string method = "")
    {
        var code = codes[method];
        return new Diagnostic(code.Code, code.Severity, span, message, hint, fix);
    }

    /// <summary>"Did you mean …?" when a name is near, and always what is known.</summary>
    public static string? Known(string name, IReadOnlyCollection<string> known, string what)
    {
        var near = Suggestions.DidYouMean(name, known);
        if (known.Count == 0) return near;
        var list = known.Count <= 12 ? $"{what}: {string.Join(", ", known.Order(StringComparer.Ordinal))}." : null;
        return near is null ? list : list is null ? near : $"{near} {list}";
    }

    /// <summary>Replaces what is written by the nearest known name; null when nothing is near.</summary>
    public static DiagnosticFix? Rename(SourceSpan span, string name, IEnumerable<string> known) =>
        Suggestions.Best(name, known) is { } best && span.Text == name
            ? new DiagnosticFix($"Write '{best}'", [new TextEdit(span.Offset, span.Length, best)])
            : null;
}
