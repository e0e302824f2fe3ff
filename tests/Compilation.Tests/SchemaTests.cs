using System.Text.Json.Nodes;
using NJsonSchema;
using WorkflowEngine.Compilation.Schema;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

public sealed class SchemaTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Repository, "flows", "schema");

    [Fact]
    public void The_schema_of_flows_is_the_one_that_is_committed() => Fresh("flow.schema.json", FlowSchemaWriter.Flow(TestCompiler.Real));

    [Fact]
    public void The_schema_of_deployments_is_the_one_that_is_committed() => Fresh("deployment.schema.json", FlowSchemaWriter.Deployment(TestCompiler.Real));

    [Fact]
    public void The_schema_of_tests_is_the_one_that_is_committed() => Fresh("flow.tests.schema.json", FlowSchemaWriter.Tests(TestCompiler.Real));

    public static TheoryData<string> FilesOfTemplates => [.. Directory.EnumerateFiles(Path.Combine(TestFiles.Repository, "flows"), "*.yaml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(TestFiles.Repository, f)).Order()];

    [Theory]
    [MemberData(nameof(FilesOfTemplates))]
    public async Task A_file_of_a_template_fits_the_schema_of_its_kind(string path)
    {
        var file = Path.Combine(TestFiles.Repository, path);
        var text = YamlDocument.Read(TestFiles.Read(file)).Kind switch
        {
            DocumentKind.Flow => FlowSchemaWriter.Flow(TestCompiler.Real),
            DocumentKind.Tests => FlowSchemaWriter.Tests(TestCompiler.Real),
            DocumentKind.Deployment => FlowSchemaWriter.Deployment(TestCompiler.Real),
            _ => null,
        };
        if (text is null) return;
        var problems = (await JsonSchema.FromJsonAsync(text)).Validate(Json(file));
        Assert.True(problems.Count == 0, string.Join(", ", problems.Select(p => $"{p.Path} {p.Kind}")));
    }

    [Theory]
    [InlineData("flow: x\ntests: [{ name: a, given: {}, expects: {} }]")]
    [InlineData("flow: x\ntests: [{ name: a, given: { faults: [{ step: s, fail: gone }] }, expect: {} }]")]
    [InlineData("flow: x\ntests: [{ name: a, given: {}, expect: { repeat: change } }]")]
    [InlineData("flow: x\ntests: [{ name: a, given: { now: [] }, expect: {} }]")]
    public async Task A_test_with_a_wrong_key_or_word_does_not_fit(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(FlowSchemaWriter.Tests(TestCompiler.Real));
        Assert.NotEmpty(schema.Validate(Node(YamlDocument.Read(new SourceText("flow.tests.yaml", yaml)).Root!)!.ToJsonString()));
    }

    [Fact]
    public async Task What_the_checker_takes_the_schema_takes()
    {
        var schema = await JsonSchema.FromJsonAsync(FlowSchemaWriter.Flow(TestCompiler.Real));
        var files = new[] { "Sketches", "Clean", "Plans" }.SelectMany(d => Directory.EnumerateFiles(Path.Combine(TestFiles.Root, d), "*.yaml", SearchOption.AllDirectories))
            .Where(f => !f.Contains("mappings", StringComparison.Ordinal) && Path.GetFileName(f) is not ("template.yaml" or "deployment.example.yaml"))
            .Append(Path.Combine(TestFiles.Repository, "flows", "customer-to-salesforce", "flow.yaml"));
        foreach (var file in files)
        {
            var problems = schema.Validate(Json(file));
            Assert.True(problems.Count == 0, $"{file}: {string.Join(", ", problems.Select(p => $"{p.Path} {p.Kind}"))}");
        }
    }

    [Fact]
    public async Task A_deployment_with_an_overlay_fits_its_schema()
    {
        var schema = await JsonSchema.FromJsonAsync(FlowSchemaWriter.Deployment(TestCompiler.Real));

        Assert.Empty(schema.Validate(Json(Path.Combine(TestFiles.Root, "Sketches", "deployment.example.yaml"))));
    }

    [Theory]
    [InlineData("unknown-error-kind")]
    [InlineData("lookup-without-where")]
    [InlineData("requires-other-type")]
    public async Task Keys_and_words_that_the_reader_refuses_the_schema_refuses(string name)
    {
        var schema = await JsonSchema.FromJsonAsync(FlowSchemaWriter.Flow(TestCompiler.Real));
        var file = Path.Combine(TestFiles.Root, "Baselines", name, "flow.yaml");
        var broken = name == "requires-other-type" ? Json(file).Replace("\"requires\"", "\"require\"", StringComparison.Ordinal) : Json(file);

        Assert.NotEmpty(schema.Validate(broken));
    }

    private static void Fresh(string name, string actual)
    {
        var path = Path.Combine(Folder, name);
        if (TestFiles.Accept)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Json(string file) => Node(YamlDocument.Read(TestFiles.Read(file)).Root!)!.ToJsonString();

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMapping map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Node(e.Value)))),
        YamlSequence list => new JsonArray([.. list.Items.Select(Node)]),
        YamlScalar { Kind: YamlScalarKind.Number } number => JsonNode.Parse(number.Value),
        YamlScalar { Kind: YamlScalarKind.True } => true,
        YamlScalar { Kind: YamlScalarKind.False } => false,
        YamlScalar { Kind: YamlScalarKind.Null } => null,
        YamlScalar text => text.Value,
        _ => null,
    };
}
