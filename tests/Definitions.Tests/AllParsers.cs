namespace WorkflowEngine.Definitions.Tests;

/// <summary>Reads a file by what it is, as the compiler does.</summary>
internal static class AllParsers
{
    public static IReadOnlyList<Diagnostic> Parse(SourceText source)
    {
        var document = YamlDocument.Read(source);
        return document.Kind switch
        {
            DocumentKind.Deployment => DeploymentParser.Parse(document).Diagnostics,
            DocumentKind.Connection => ConnectionParser.Parse(document).Diagnostics,
            DocumentKind.Template => TemplateParser.Parse(document).Diagnostics,
            DocumentKind.Mapping => MappingParser.Parse(document).Diagnostics,
            DocumentKind.Metadata => MetadataParser.Parse(document).Diagnostics,
            DocumentKind.Tests => TestsParser.Parse(document).Diagnostics,
            _ => FlowParser.Parse(document).Diagnostics,
        };
    }
}
