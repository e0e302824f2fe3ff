using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>Flow files with all that belongs to them (template, mappings, metadata), compiled together.</summary>
public sealed class FlowBundle
{
    private FlowBundle(IReadOnlyList<BundledFlow> flows, IReadOnlyList<FlowTestsDefinition> tests, IReadOnlyList<Diagnostic> diagnostics, TemplateDefinition? template = null) =>
        (Flows, Tests, Diagnostics, Template) = (flows, tests, diagnostics, template);

    public IReadOnlyList<BundledFlow> Flows { get; }

    /// <summary>The <c>template.yaml</c> of a bundle that is one template; null when it has none.</summary>
    public TemplateDefinition? Template { get; }

    /// <summary>The files of tests among them, as far as they could be read without a mistake.</summary>
    public IReadOnlyList<FlowTestsDefinition> Tests { get; }

    /// <summary>All findings of all files, by file and place.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Compiles files. Flows of one folder are a template: they share its <c>template.yaml</c>, mappings and metadata.</summary>
    /// <param name="files">All files; those of other kinds are left to others.</param>
    /// <param name="catalog">The connectors installed.</param>
    /// <param name="strict">A file whose kind cannot be told is a finding.</param>
    /// <param name="explain">Also say what was decided where the author left it open, as findings of severity info.</param>
    public static FlowBundle Compile(IReadOnlyList<SourceText> files, IReadOnlyList<ConnectorDescriptor> catalog, bool strict = false, bool explain = false)
    {
        var found = new DiagnosticBag();
        var flows = new List<BundledFlow>();
        var tests = new List<FlowTestsDefinition>();
        foreach (var folder in files.GroupBy(f => Folder(f.Path), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            CompileFolder(folder.Key, [.. folder], catalog, (strict, explain), found, flows, tests);
        }

        Twice(flows, found);
        return new FlowBundle(flows, tests, found.ToSorted());
    }

    /// <summary>The same with some of the flows only.</summary>
    public FlowBundle Only(IReadOnlyList<BundledFlow> flows) => new(flows, [], Diagnostics, Template);

    /// <summary>Compiles the files of one template, given by their paths below it.</summary>
    public static FlowBundle CompileOne(string template, IReadOnlyList<SourceText> files, IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var found = new DiagnosticBag();
        var flows = new List<BundledFlow>();
        var tests = new List<FlowTestsDefinition>();
        var own = CompileFolder("", files, catalog, (Strict: false, Explain: false), found, flows, tests);
        Twice(flows, found);
        return new FlowBundle([.. flows.Select(f => f with { Template = own?.Template.Value ?? template })], tests, found.ToSorted(), own);
    }

    private static void Twice(List<BundledFlow> flows, DiagnosticBag found)
    {
        foreach (var twice in flows.GroupBy(f => f.Definition.Flow.Value, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var first = twice.First();
            foreach (var again in twice.Skip(1)) found.Add(HostingDiagnostics.SameFlow(again.Definition.Flow, first.Definition.Source.Path));
        }
    }

    private static TemplateDefinition? CompileFolder(
        string folder, IReadOnlyList<SourceText> files, IReadOnlyList<ConnectorDescriptor> catalog, (bool Strict, bool Explain) how, DiagnosticBag found,
        List<BundledFlow> flows, List<FlowTestsDefinition> tests)
    {
        TemplateDefinition? template = null;
        var metadata = new List<MetadataDefinition>();
        var mappings = new Dictionary<string, MappingDefinition>(StringComparer.Ordinal);
        var tables = new Dictionary<string, SourceText>(StringComparer.Ordinal);
        var definitions = new List<(FlowDefinition Flow, bool Broken)>();
        foreach (var file in files)
        {
            if (Path.GetExtension(file.Path) == ".csv")
            {
                tables[Relative(folder, file.Path)] = file;
                continue;
            }

            var document = YamlDocument.Read(file);
            switch (document.Kind)
            {
                case DocumentKind.Flow:
                    var flow = FlowParser.Parse(document);
                    found.AddRange(flow.Diagnostics);
                    if (flow.Value is not null) definitions.Add((flow.Value, flow.HasErrors));
                    break;
                case DocumentKind.Template:
                    var parsed = TemplateParser.Parse(document);
                    found.AddRange(parsed.Diagnostics);
                    template = parsed.Value ?? template;
                    break;
                case DocumentKind.Metadata:
                    var org = MetadataParser.Parse(document);
                    found.AddRange(org.Diagnostics);
                    if (org.Value is not null) metadata.Add(org.Value);
                    break;
                case DocumentKind.Mapping:
                    var mapping = MappingParser.Parse(document);
                    found.AddRange(mapping.Diagnostics);
                    if (mapping.Value is not null) mappings[Relative(folder, file.Path)] = mapping.Value;
                    break;
                case DocumentKind.Tests:
                    var test = TestsParser.Parse(document);
                    found.AddRange(test.Diagnostics);
                    if (test.Value is not null && !test.HasErrors) tests.Add(test.Value);
                    break;
                case DocumentKind.Unknown:
                    found.AddRange(document.Diagnostics);
                    if (how.Strict && !IsFixture(file.Path) && document.KindProblem is { } problem) found.Add(problem);
                    break;
            }
        }

        var siblings = definitions.ConvertAll(d => d.Flow);
        var sources = files.Select(f => new BundledSource(Relative(folder, f.Path), f.Content)).ToList();
        foreach (var (definition, broken) in definitions)
        {
            var context = new CompileContext { Catalog = catalog, Metadata = metadata, Template = template, Siblings = siblings, Mappings = mappings, TableFiles = tables, Explain = how.Explain };
            var result = FlowCompiler.Compile(definition, context);
            found.AddRange(result.Diagnostics);
            var name = template?.Template.Value ?? Path.GetFileName(folder.TrimEnd('/', '\\'));
            flows.Add(new BundledFlow(name, definition, broken ? null : result.Flow, sources) { Context = context });
        }

        return template;
    }

    /// <summary>The template's folder: mappings, tables, records for tests and examples of deployments may stand in folders below it.</summary>
    private static string Folder(string path)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        return Path.GetFileName(folder) is "mappings" or "tables" or "fixtures" or "examples" ? Path.GetDirectoryName(folder) ?? "" : folder;
    }

    /// <summary>Records that tests name are told by their place, not by a key.</summary>
    private static bool IsFixture(string path) => Path.GetFileName(Path.GetDirectoryName(path)) == "fixtures";

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder.Length == 0 ? "." : folder, path).Replace('\\', '/');
}

/// <summary>A flow of a bundle.</summary>
/// <param name="Template">Its template's name: the folder's, unless <c>template.yaml</c> says otherwise.</param>
/// <param name="Definition">What the author wrote.</param>
/// <param name="Compiled">Null when it has mistakes.</param>
/// <param name="Sources">All files its version is made of.</param>
public sealed record BundledFlow(string Template, FlowDefinition Definition, Compilation.Plan.CompiledFlow? Compiled, IReadOnlyList<BundledSource> Sources)
{
    /// <summary>What it was compiled against, for a deployment that changes it; null = it cannot be changed.</summary>
    internal CompileContext? Context { get; init; }

    /// <summary>What it and its template require of orgs.</summary>
    public IReadOnlyList<RequiredConnection> Requires => [.. Context?.Template?.Requires ?? [], .. Definition.Requires];
}

/// <summary>A file of a version, by its path below the template.</summary>
public sealed record BundledSource(string Path, string Content);
