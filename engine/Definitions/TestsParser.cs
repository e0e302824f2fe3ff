namespace WorkflowEngine.Definitions;

/// <summary>Text of a <c>flow.tests.yaml</c> file to its definition.</summary>
public static class TestsParser
{
    public static ParseResult<FlowTestsDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<FlowTestsDefinition> Parse(YamlDocument document) =>
        Readers.Read(document, DocumentKind.Tests, static (readers, mapping) => new TestsReader(readers).File(mapping));

    /// <summary>A file of records that tests name: the same as under <c>given.&lt;connection&gt;</c>.</summary>
    /// <param name="source">The file.</param>
    /// <param name="connection">The connection that named it.</param>
    public static ParseResult<TestRecords> ParseRecords(SourceText source, Located<string> connection) =>
        Readers.Read(YamlDocument.Read(source), DocumentKind.Unknown, (readers, mapping) => new TestsReader(readers).Records(connection, mapping, mapping.Span, expecting: false));
}
