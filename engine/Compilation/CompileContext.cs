using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation;

/// <summary>What a flow is compiled against.</summary>
public sealed record CompileContext
{
    /// <summary>The connectors installed.</summary>
    public required IReadOnlyList<ConnectorDescriptor> Catalog { get; init; }

    /// <summary>What orgs were found to have beyond the catalogue; empty = only the catalogue and <c>requires</c>.</summary>
    public IReadOnlyList<MetadataDefinition> Metadata { get; init; } = [];

    /// <summary>What the flows of the template share; null for a template of one flow.</summary>
    public TemplateDefinition? Template { get; init; }

    /// <summary>The flows <c>flow:</c> and <c>start:</c> may name: those of the same template, this one as well or not.</summary>
    public IReadOnlyList<FlowDefinition> Siblings { get; init; } = [];

    /// <summary>Mappings files by the path <c>setFrom</c> names them by.</summary>
    public IReadOnlyDictionary<string, MappingDefinition> Mappings { get; init; } = new Dictionary<string, MappingDefinition>();

    /// <summary>CSV files by the path <c>rows</c> of a table names them by.</summary>
    public IReadOnlyDictionary<string, SourceText> TableFiles { get; init; } = new Dictionary<string, SourceText>();

    /// <summary>Also say what was decided where the author left it open, as findings of severity info.</summary>
    public bool Explain { get; init; }
}
