using System.Text.RegularExpressions;

namespace WorkflowEngine.Architecture.Tests;

public sealed partial class HouseTests
{
    [Fact]
    public void The_top_level_holds_what_it_should_and_nothing_else()
    {
        string[] folders = ["connectors", "designer", "engine", "flows", "tests"];
        var actual = Directory.GetDirectories(RepositoryRoot.Path).Select(Path.GetFileName).Where(n => !n!.StartsWith('.')).Order(StringComparer.Ordinal);
        Assert.Empty(actual.Except(folders.Append("TestResults").Append("artifacts")!));
    }

    [Fact]
    public void No_folder_is_a_drawer_for_everything()
    {
        string[] drawers = ["Helpers", "Services", "Utils", "Util", "Models", "Interfaces", "Common", "Misc", "Managers"];
        var found = RepositoryRoot.Files("*.cs").SelectMany(f => Path.GetRelativePath(RepositoryRoot.Path, f).Split('/', '\\')).Intersect(drawers);
        Assert.Empty(found);
    }

    [Fact]
    public void A_file_over_400_lines_says_at_its_top_why()
    {
        var long_ = RepositoryRoot.Files("*.cs")
            .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal))
            .Where(f => File.ReadLines(f).Count() > 400 && !File.ReadLines(f).First().StartsWith("// Long because", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(RepositoryRoot.Path, f));
        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_is_left_unfinished_in_code()
    {
        var found = RepositoryRoot.Files("*.cs")
            .Where(f => !f.EndsWith(nameof(HouseTests) + ".cs", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Where(l => Unfinished().IsMatch(l)).Select(l => $"{Path.GetFileName(f)}: {l.Trim()}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Every_room_has_a_page_for_newcomers()
    {
        var rooms = RepositoryRoot.Files("*.csproj").Where(p => !p.Contains("/tests/", StringComparison.Ordinal)).Select(p => Path.GetDirectoryName(p)!);
        Assert.All(rooms, room => Assert.True(File.Exists(Path.Combine(room, "README.md")), $"{room} has no README.md"));
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Unfinished();
}
