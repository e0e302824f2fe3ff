namespace WorkflowEngine.Definitions;

/// <summary>Text of a <c>template.yaml</c> to its definition.</summary>
public static class TemplateParser
{
    public static ParseResult<TemplateDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<TemplateDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Template, Read);

    private static TemplateDefinition Read(Readers readers, YamlMapping mapping)
    {
        var (shapes, declarations) = (readers.Shapes, readers.Declarations);
        var keys = new KeyReader(readers.Diagnostics, mapping, "A template");
        var template = shapes.FileName(keys.Required("template", "template: invoice-to-revenue"), "the name of a template");
        var result = new TemplateDefinition
        {
            Source = shapes.Source,
            Span = mapping.Span,
            Template = template ?? new Located<string>("", ShapeReader.First(mapping)),
            Title = shapes.Text(keys.Optional("title"), "Invoices to revenue"),
            Description = shapes.Text(keys.Optional("description"), "What this template is for"),
            Version = shapes.Text(keys.Optional("version"), "1.0.0"),
            Connections = declarations.Connections(keys.Optional("connections"), "connections: { salesforce: salesforce }"),
            Parameters = declarations.Parameters(keys.Optional("parameters")),
            Requires = declarations.Requires(keys.Optional("requires")),
            Tables = declarations.Tables(keys.Optional("tables"), rowsOnly: false),
            Was = shapes.Texts(keys.Optional("was"), "[old-name]"),
        };
        keys.Close();
        return result;
    }
}
