using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>Compiles files against the catalogues of the real connectors.</summary>
internal static class TestCompiler
{
    /// <summary>What is installed.</summary>
    public static readonly IReadOnlyList<ConnectorDescriptor> Real = [ServiceTitan.ServiceTitanCatalog.Descriptor, new Salesforce.SalesforceConnector().Descriptor];

    public static readonly IReadOnlyList<ConnectorDescriptor> Catalog = [.. Real, TestCatalog.Lab];

    public static CompileContext Context { get; } = new() { Catalog = Catalog };

    /// <summary>One flow from its text; fails the test when it cannot even be read.</summary>
    public static CompileResult Compile(string yaml) => Compile(new SourceText("flow.yaml", yaml), Context);

    public static CompileResult Compile(SourceText source, CompileContext context)
    {
        var parsed = FlowParser.Parse(source);
        if (parsed.Value is null) return new CompileResult(null, parsed.Diagnostics);
        var compiled = FlowCompiler.Compile(parsed.Value, context);
        var all = new DiagnosticBag();
        all.AddRange(parsed.Diagnostics);
        all.AddRange(compiled.Diagnostics);
        return new CompileResult(all.HasErrors ? null : compiled.Flow, all.ToSorted());
    }

    /// <summary>Every flow of a folder, with its template, its mappings and metadata.</summary>
    public static IReadOnlyList<(string File, CompileResult Result)> CompileFolder(string folder)
    {
        var context = ContextOf(folder);
        return [.. FlowFiles(folder).Select(f => (Path.GetFileName(f), Compile(TestFiles.Read(f), context)))];
    }

    /// <summary>What the flows of a folder are compiled against; a folder named explain-… asks for what was decided.</summary>
    public static CompileContext ContextOf(string folder)
    {
        var template = Path.Combine(folder, "template.yaml");
        var mappings = Path.Combine(folder, "mappings");
        return Context with
        {
            Explain = Path.GetFileName(folder).StartsWith("explain-", StringComparison.Ordinal),
            Siblings = [.. FlowFiles(folder).Select(f => FlowParser.Parse(TestFiles.Read(f)).Value).OfType<FlowDefinition>()],
            Template = File.Exists(template) ? TemplateParser.Parse(TestFiles.Read(template)).Value : null,
            Mappings = Directory.Exists(mappings)
                ? Directory.EnumerateFiles(mappings, "*.yaml").ToDictionary(f => $"mappings/{Path.GetFileName(f)}", f => MappingParser.Parse(TestFiles.Read(f)).Value!, StringComparer.Ordinal)
                : new Dictionary<string, MappingDefinition>(),
            TableFiles = Directory.EnumerateFiles(folder, "*.csv").ToDictionary(f => Path.GetFileName(f), f => new SourceText(Path.GetFileName(f), File.ReadAllText(f)), StringComparer.Ordinal),
            Metadata = [.. Directory.EnumerateFiles(folder, "*.metadata.json").Select(f => MetadataParser.Parse(TestFiles.Read(f)).Value).OfType<MetadataDefinition>()],
        };
    }

    private static IEnumerable<string> FlowFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.yaml").Where(f => Path.GetFileName(f) is not "template.yaml" && !f.EndsWith(".tests.yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
