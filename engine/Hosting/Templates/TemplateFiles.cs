using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>The files of one template: what they may be, their hash, their compilation.</summary>
public static class TemplateFiles
{
    public const int Most = 200;

    private const int MostText = 4 * 1024 * 1024;
    private const int LongestPath = 200;

    /// <summary>Why these cannot be the files of a template; null = they can.</summary>
    public static string? Problem(IReadOnlyList<StoredFile> files)
    {
        if (files.Count is 0 or > Most) return $"Give 1 to {Most} files.";
        if (files.Sum(f => (long)f.Content.Length) > MostText) return "The files are larger than 4 MB together.";
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, _) in files)
        {
            if (path.Length is 0 or > LongestPath || path.Split('/').Any(p => p is "" or "." or "..") || path.AsSpan().ContainsAny('\\', ':') || path.Any(char.IsControl))
            {
                return $"'{Shown(path)}' is no path below a template: names divided by '/', without '..'.";
            }

            if (Path.GetExtension(path) is not (".yaml" or ".yml" or ".json" or ".csv" or ".md")) return $"'{path}' is of no kind a template holds: .yaml, .yml, .json, .csv or .md.";
            if (!seen.Add(path)) return $"'{path}' is given twice.";
        }

        return null;
    }

    /// <summary>The same files in any order give the same hash.</summary>
    public static string Hash(IEnumerable<StoredFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            foreach (var part in new[] { path, content })
            {
                var bytes = Encoding.UTF8.GetBytes(part);
                hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Compiles them as the template <paramref name="id"/>; findings name the paths as given.</summary>
    public static FlowBundle Compile(string id, IReadOnlyList<StoredFile> files, IReadOnlyList<ConnectorDescriptor> catalog) =>
        FlowBundle.CompileOne(id, [.. files.Where(f => Path.GetExtension(f.Path) != ".md").Select(f => new SourceText(f.Path, f.Content))], catalog);

    private static string Shown(string path) => new([.. path.Take(60).Select(c => char.IsControl(c) ? '?' : c)]);
}
