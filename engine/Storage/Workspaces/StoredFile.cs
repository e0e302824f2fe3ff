using System.Text.Json;

namespace WorkflowEngine.Storage;

/// <summary>A file of a draft or template, by its path below the template's folder.</summary>
public sealed record StoredFile(string Path, string Content)
{
    internal static string Write(IReadOnlyList<StoredFile> files) => JsonSerializer.Serialize(files);

    internal static IReadOnlyList<StoredFile> Read(string text) => JsonSerializer.Deserialize<List<StoredFile>>(text)!;
}
