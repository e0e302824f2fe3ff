using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Files of a template.</summary>
public sealed record TemplateBody(IReadOnlyList<FileView>? Files, string? Note);

/// <summary>A template's current content.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">For people.</param>
/// <param name="Version">What its author wrote.</param>
/// <param name="Hash">Names this content.</param>
/// <param name="Origin"><c>builtIn</c>, <c>workspace</c> or <c>uploaded</c>.</param>
/// <param name="Flows">Ids of its flows.</param>
/// <param name="Connections">Logical name → connector.</param>
public sealed record TemplateRowView(
    string Id, string? Title, string? Version, string Hash, string Origin, IReadOnlyList<string> Flows, IReadOnlyDictionary<string, string> Connections)
{
    internal static TemplateRowView Of(Template t) => new(t.Id, t.Title, t.Version, t.Hash, Words.Of(t.Origin), [.. t.Bundle.Flows.Select(f => f.Definition.Flow.Value)], ConnectionsOf(t));

    internal static IReadOnlyDictionary<string, string> ConnectionsOf(Template template) => template.Bundle.Flows
        .SelectMany(f => f.Compiled?.Connections ?? f.Definition.Connections.DistinctBy(c => c.Name.Value).ToDictionary(c => c.Name.Value, c => c.Connector.Value))
        .DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.Value);
}

/// <summary>A template with its files.</summary>
public sealed record TemplateView
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Version { get; init; }

    public required string Hash { get; init; }

    public required string Origin { get; init; }

    public required IReadOnlyDictionary<string, string> Connections { get; init; }

    public required IReadOnlyList<FlowView> Flows { get; init; }

    public required IReadOnlyList<FileView> Files { get; init; }

    /// <summary>Its page for people; null = it has none.</summary>
    public string? Readme { get; init; }

    public required IReadOnlyList<ParameterView> Parameters { get; init; }

    public required IReadOnlyList<RequirementView> Requires { get; init; }

    public required IReadOnlyList<TableView> Tables { get; init; }

    public required IReadOnlyList<DiagnosticView> Diagnostics { get; init; }

    /// <summary>Contents kept in this workspace, oldest first.</summary>
    public required IReadOnlyList<TemplateVersionView> Versions { get; init; }

    internal static TemplateView Of(Template template, IReadOnlyList<TemplateVersion> versions)
    {
        var compiled = template.Bundle.Flows.Select(f => f.Compiled).OfType<CompiledFlow>().ToList();
        return new TemplateView
        {
            Id = template.Id,
            Title = template.Title,
            Version = template.Version,
            Hash = template.Hash,
            Origin = Words.Of(template.Origin),
            Connections = TemplateRowView.ConnectionsOf(template),
            Flows = [.. template.Bundle.Flows.Select(FlowView.Of)],
            Files = [.. template.Files.Select(f => new FileView(f.Path, f.Content))],
            Readme = template.Files.FirstOrDefault(f => string.Equals(f.Path, "README.md", StringComparison.OrdinalIgnoreCase))?.Content,
            Parameters = [.. compiled.SelectMany(f => f.Parameters).DistinctBy(p => p.Name).Select(ParameterView.Of)],
            Requires = [.. template.Bundle.Flows.SelectMany(f => f.Definition.Requires).Concat(template.Bundle.Template?.Requires ?? []).SelectMany(RequirementView.Of).Distinct()],
            Tables = [.. compiled.SelectMany(f => f.Tables).DistinctBy(t => t.Name).Select(t => new TableView(
                t.Name, TypeView.Of(t.Key), t.KeyConnection, [.. t.Columns.Select(c => new ColumnView(c.Name, TypeView.Of(c.Type), c.Connection, c.Optional))]))],
            Diagnostics = [.. template.Bundle.Diagnostics.Select(DiagnosticView.Of)],
            Versions = [.. versions.Select(TemplateVersionView.Of)],
        };
    }
}

/// <summary>A field an org must have.</summary>
public sealed record RequirementView(string Connection, string Entity, string Field, string Type, long? Length, bool ExternalId, bool Unique)
{
    internal static IEnumerable<RequirementView> Of(RequiredConnection required) => required.Entities.SelectMany(e => e.Fields.Select(f => new RequirementView(
        required.Connection.Value, e.Entity.Value, f.Name.Value, f.Type.Value, f.Length?.Value, f.ExternalId?.Value == true, f.Unique?.Value == true)));
}

/// <summary>A table a deployment may give rows for.</summary>
public sealed record TableView(string Name, TypeView Key, string? KeyConnection, IReadOnlyList<ColumnView> Columns);

/// <summary>A column of a table.</summary>
public sealed record ColumnView(string Name, TypeView Type, string? Connection, bool Optional);

/// <summary>One content of a template.</summary>
public sealed record TemplateVersionView(string Hash, string? Version, string? Title, int Number, string? Note, DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static TemplateVersionView Of(TemplateVersion v) => new(v.Hash, v.Version, v.Title, v.Number, v.Note, v.CreatedAt, v.CreatedBy);
}
