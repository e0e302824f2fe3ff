namespace WorkflowEngine.Definitions;

/// <summary>Text of a mappings file to its definition.</summary>
public static class MappingParser
{
    public static ParseResult<MappingDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<MappingDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Mapping, Read);

    private static MappingDefinition Read(Readers readers, YamlMapping mapping)
    {
        var keys = new KeyReader(readers.Diagnostics, mapping, "A mappings file");
        var name = readers.Shapes.FileName(keys.Required("mapping", "mapping: account"), "the name of a mapping");
        var result = new MappingDefinition
        {
            Source = readers.Shapes.Source,
            Span = mapping.Span,
            Mapping = name ?? new Located<string>("", ShapeReader.First(mapping)),
            Entity = readers.References.Entity(keys.Optional("entity")),
            Set = readers.Values.Block(keys.Optional("set"), ActivityReader.SetExample),
            SetOnCreate = readers.Values.Block(keys.Optional("setOnCreate"), ActivityReader.SetExample),
            SetOnUpdate = readers.Values.Block(keys.Optional("setOnUpdate"), ActivityReader.SetExample),
        };
        keys.Close();
        return result;
    }
}
