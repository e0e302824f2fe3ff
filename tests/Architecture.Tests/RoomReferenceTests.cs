using System.Xml.Linq;

namespace WorkflowEngine.Architecture.Tests;

/// <summary>Each room names the rooms it sees; the compiler hides the others. This is the list, so that a new arrow is a decision.</summary>
public sealed class RoomReferenceTests
{
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["engine/Abstractions"] = [],
        ["engine/Definitions"] = [],
        ["engine/Expressions"] = [],
        ["engine/Compilation"] = ["Abstractions", "Definitions", "Expressions"],
        ["engine/Runtime"] = ["Abstractions", "Expressions", "Compilation"],
        ["engine/Storage"] = ["Abstractions", "Runtime"],
        ["engine/Cluster"] = ["Runtime", "Storage"],
        ["engine/Storage.Sqlite"] = ["Abstractions", "Runtime", "Storage"],
        ["engine/Storage.PostgreSql"] = ["Abstractions", "Runtime", "Storage"],
        ["connectors/Http"] = ["Abstractions"],
        ["connectors/ServiceTitan"] = ["Abstractions", "Connectors.Http"],
        ["connectors/Alerts"] = ["Abstractions", "Connectors.Http"],
        ["connectors/Rest"] = ["Abstractions", "Connectors.Http"],
        ["connectors/Salesforce"] = ["Abstractions", "Connectors.Http"],
        ["connectors/Simulators"] = [],
    };

    private static readonly string[] Hosts = ["engine/Hosting", "engine/Api", "engine/Cli", "engine/FlowTesting"];

    public static TheoryData<string> RoomNames => [.. Rooms.Keys];

    [Theory]
    [MemberData(nameof(RoomNames))]
    public void A_room_sees_only_the_rooms_on_its_list(string room)
    {
        var project = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, room), "*.csproj").Single();
        var references = XDocument.Load(project).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Rooms[room].Order(StringComparer.Ordinal), references);
    }

    [Fact]
    public void Every_room_is_on_the_list_or_is_a_host()
    {
        var rooms = new[] { "engine", "connectors" }
            .SelectMany(top => Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, top)))
            .Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0)
            .Select(folder => Path.GetRelativePath(RepositoryRoot.Path, folder).Replace('\\', '/'));
        Assert.Equal(Rooms.Keys.Concat(Hosts).Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("YamlDotNet", "engine/Definitions")]
    [InlineData("Jint", "engine/Expressions")]
    [InlineData("Acornima", "engine/Expressions")]
    [InlineData("Cronos", "engine/Compilation")]
    [InlineData("Microsoft.Orleans.Server", "engine/Cluster")]
    [InlineData("MailKit", "connectors/Alerts")]
    [InlineData("Npgsql.EntityFrameworkCore.PostgreSQL", "engine/Storage.PostgreSql")]
    [InlineData("Microsoft.EntityFrameworkCore.Sqlite", "engine/Storage.Sqlite")]
    public void A_package_lives_in_one_room(string package, string room)
    {
        var users = RepositoryRoot.Files("*.csproj")
            .Where(p => !p.Contains("/tests/", StringComparison.Ordinal))
            .Where(p => XDocument.Load(p).Descendants("PackageReference").Any(r => (string?)r.Attribute("Include") == package))
            .Select(p => Path.GetRelativePath(RepositoryRoot.Path, Path.GetDirectoryName(p)!).Replace('\\', '/'));
        Assert.Equal([room], users);
    }

    [Fact]
    public void An_indirect_project_is_invisible_to_code()
    {
        var props = XDocument.Load(Path.Combine(RepositoryRoot.Path, "Directory.Build.props"));
        Assert.Equal("true", props.Descendants("DisableTransitiveProjectReferences").Single().Value);
    }
}
