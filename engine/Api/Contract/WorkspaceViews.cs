using System.Text.Json;

namespace WorkflowEngine.Api;

/// <summary>A workspace as data: what a folder in git holds. There is no secret in it.</summary>
/// <param name="Format">The form of this document; 1.</param>
/// <param name="Templates">The contents that its deployments run.</param>
/// <param name="Connections">Its connections with the names of their secrets; they are read to see what is missing, never made.</param>
/// <param name="Deployments">Its deployments.</param>
public sealed record WorkspaceDocument(
    int Format, IReadOnlyList<ExportedTemplate>? Templates, IReadOnlyList<ExportedConnection>? Connections, IReadOnlyList<ExportedDeployment>? Deployments);

/// <summary>A template's files.</summary>
public sealed record ExportedTemplate(string? Id, string? Hash, IReadOnlyList<FileView>? Files);

/// <summary>A connection without its secrets.</summary>
public sealed record ExportedConnection(string? Name, string? Connector, string? Title, IReadOnlyDictionary<string, string>? Settings, IReadOnlyList<string>? Secrets);

/// <summary>A deployment's request.</summary>
public sealed record ExportedDeployment(string? Name, JsonElement? Specification);

/// <summary>What an import did or would do.</summary>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Missing">Connections the deployments need and this workspace lacks; while there are any, nothing is changed.</param>
/// <param name="Templates">Templates by what became of them.</param>
/// <param name="Deployments">Deployments by what became of them.</param>
/// <param name="Problems">What keeps it from being taken, one sentence each.</param>
public sealed record ImportAnswer(
    bool DryRun, IReadOnlyList<ExportedConnection> Missing, IReadOnlyDictionary<string, string> Templates, IReadOnlyDictionary<string, string> Deployments, IReadOnlyList<string> Problems);
