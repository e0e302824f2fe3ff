namespace WorkflowEngine.Definitions;

/// <summary>Text of a flow file to its definition. Whatever the text is, the answer is a result with diagnostics, never an exception.</summary>
public static class FlowParser
{
    public static ParseResult<FlowDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<FlowDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Flow, Read);

    private static FlowDefinition? Read(Readers readers, YamlMapping mapping)
    {
        var (shapes, declarations) = (readers.Shapes, readers.Declarations);
        var keys = new KeyReader(readers.Diagnostics, mapping, "A flow");
        var flow = shapes.FileName(keys.Required("flow", "flow: customer-to-salesforce"), "the name of a flow");
        var title = shapes.Text(keys.Optional("title"), "Customers to Salesforce");
        var description = shapes.Text(keys.Optional("description"), "What this flow is for");
        var version = shapes.Text(keys.Optional("version"), "1.0.0");
        var connections = declarations.Connections(keys.Optional("connections"), "connections: { salesforce: salesforce }");
        var parameters = declarations.Parameters(keys.Optional("parameters"));
        var requires = declarations.Requires(keys.Optional("requires"));
        var tables = declarations.Tables(keys.Optional("tables"), rowsOnly: false);
        var input = declarations.Input(keys.Optional("input"));
        var triggers = readers.Triggers.Triggers(keys.Optional("trigger"));
        var key = readers.Values.Value(keys.Optional("key"));
        var stepsEntry = keys.Required("steps", "steps: [{ stop: Nothing to do }]");
        var steps = readers.Steps.Steps(stepsEntry);
        if (stepsEntry?.Value is YamlSequence { Items.Count: 0 } none)
        {
            shapes.Wrong(none, "at least one step", "steps: [{ stop: Nothing to do }]");
        }

        var output = readers.Values.Value(keys.Optional("output"));
        var was = shapes.Texts(keys.Optional("was"), "[old-name]");
        keys.Close();

        // Without a usable name the rest is still worth checking: it gets the name of nothing, and an error stands already.
        return new FlowDefinition
        {
            Source = shapes.Source,
            Span = mapping.Span,
            Flow = flow ?? new Located<string>("", ShapeReader.First(mapping)),
            Title = title,
            Description = description,
            Version = version,
            Connections = connections,
            Parameters = parameters,
            Requires = requires,
            Tables = tables,
            Input = input,
            Triggers = triggers,
            Key = key,
            Steps = steps,
            Output = output,
            Was = was,
        };
    }
}
