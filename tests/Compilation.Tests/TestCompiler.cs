using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>Compiles files against the catalogues of the real connectors.</summary>
internal static class TestCompiler
{
    public static readonly IReadOnlyList<ConnectorDescriptor> Catalog =
        [ServiceTitan.ServiceTitanCatalog.Descriptor, new Salesforce.SalesforceConnector().Descriptor];

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
        var files = Directory.EnumerateFiles(folder, "*.yaml").Where(f => Path.GetFileName(f) is not "template.yaml").Order(StringComparer.Ordinal).ToArray();
        var parsed = files.Select(f => (File: f, Source: TestFiles.Read(f))).ToArray();
        var context = Context with { Siblings = [.. parsed.Select(p => FlowParser.Parse(p.Source).Value).OfType<FlowDefinition>()] };
        var template = Path.Combine(folder, "template.yaml");
        if (File.Exists(template)) context = context with { Template = TemplateParser.Parse(TestFiles.Read(template)).Value };
        var mappings = Path.Combine(folder, "mappings");
        if (Directory.Exists(mappings))
        {
            context = context with
            {
                Mappings = Directory.EnumerateFiles(mappings, "*.yaml")
                    .ToDictionary(f => $"mappings/{Path.GetFileName(f)}", f => MappingParser.Parse(TestFiles.Read(f)).Value!, StringComparer.Ordinal),
            };
        }

        var metadata = Directory.EnumerateFiles(folder, "*.metadata.json").Select(f => MetadataParser.Parse(TestFiles.Read(f)).Value).OfType<MetadataDefinition>();
        context = context with { Metadata = [.. metadata] };
        return [.. parsed.Select(p => (Path.GetFileName(p.File), Compile(p.Source, context)))];
    }
}
