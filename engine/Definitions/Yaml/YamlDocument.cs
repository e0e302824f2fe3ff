using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

public enum DocumentKind
{
    Unknown,
    Flow,
    Tests,
    Template,
    Deployment,
    Connection,
    Mapping,
    Metadata,
}

/// <summary>A file read as YAML or JSON, and what kind of file it is, told by its keys, not by its name.</summary>
public sealed partial class YamlDocument
{
    private const int MostSearched = 16 * 1024;

    private YamlDocument(SourceText source, YamlNode? root, IReadOnlyList<Diagnostic> diagnostics)
    {
        Source = source;
        Root = root;
        Kind = root is YamlMapping map ? KindOf(k => map.Find(k) is not null) : root is null ? KindOf(BrokenKeys(source)) : DocumentKind.Unknown;
        Diagnostics = Kind is DocumentKind.Connection or DocumentKind.Deployment or DocumentKind.Unknown ? SecretLines.Hide(source, diagnostics) : diagnostics;
    }

    public SourceText Source { get; }

    /// <summary>Null when the file could not be read; the diagnostics say why.</summary>
    public YamlNode? Root { get; }

    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    public DocumentKind Kind { get; }

    /// <summary>Says that it cannot be told what the file is; null when it can, or when the file's own diagnostics say enough.</summary>
    public Diagnostic? KindProblem => Kind != DocumentKind.Unknown || Root is null
        ? null
        : ShapeDiagnostics.UnknownDocument(
            ShapeReader.First(Root), ["flow", "template", "deployment", "connector", "mapping", "tests"]);

    public static YamlDocument Read(SourceText source)
    {
        var bag = new DiagnosticBag(DiagnosticBag.MostOfOneFile);
        var root = YamlReader.Read(source, bag);
        return new YamlDocument(source, root, bag.ToSorted());
    }

    /// <summary>The key that makes a file of this kind, as authors know it.</summary>
    internal static string Describe(DocumentKind kind) => kind switch
    {
        DocumentKind.Flow => "a flow (key 'flow')",
        DocumentKind.Tests => "a file of tests (keys 'flow' and 'tests')",
        DocumentKind.Template => "a template (key 'template')",
        DocumentKind.Deployment => "a deployment (key 'deployment')",
        DocumentKind.Connection => "a connection (key 'connector')",
        DocumentKind.Mapping => "a mappings file (key 'mapping')",
        DocumentKind.Metadata => "a metadata file (keys 'connector' and 'entities')",
        _ => "a file of unknown kind",
    };

    private static DocumentKind KindOf(Func<string, bool> has) =>
        has("deployment") ? DocumentKind.Deployment
        : has("flow") ? (has("tests") ? DocumentKind.Tests : DocumentKind.Flow)
        : has("tests") ? DocumentKind.Tests
        : has("template") ? DocumentKind.Template
        : has("mapping") ? DocumentKind.Mapping
        : has("entities") ? DocumentKind.Metadata
        : has("connector") ? DocumentKind.Connection
        : has("steps") ? DocumentKind.Flow
        : DocumentKind.Unknown;

    // A file that YAML cannot read still shows by its first columns what it was meant to be.
    private static Func<string, bool> BrokenKeys(SourceText source)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match match in TopKey().Matches(source.Content[..Math.Min(source.Content.Length, MostSearched)]))
        {
            keys.Add(match.Groups[1].Value);
        }

        return keys.Contains;
    }

    [GeneratedRegex(@"^([a-zA-Z]{1,20}):", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex TopKey();
}
