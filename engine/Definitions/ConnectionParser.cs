namespace WorkflowEngine.Definitions;

/// <summary>Text of a file of <c>connections/</c> to its definition.</summary>
public static class ConnectionParser
{
    public static ParseResult<ConnectionDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<ConnectionDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Connection, Read);

    private static ConnectionDefinition Read(Readers readers, YamlMapping mapping)
    {
        var shapes = readers.Shapes;
        var keys = new KeyReader(readers.Diagnostics, mapping, "A connection");
        var connector = shapes.Text(keys.Required("connector", "connector: salesforce"), "salesforce");
        var secrets = new List<SecretSetting>();
        foreach (var line in readers.Declarations.Entries(keys.Optional("secrets"), "names and variables", "secrets: { clientSecret: { env: SF_CLIENT_SECRET } }"))
        {
            if (DeploymentParser.Secret(readers, line) is { } source)
            {
                secrets.Add(new SecretSetting(line.Name, source));
            }
        }

        var result = new ConnectionDefinition
        {
            Source = shapes.Source,
            Span = mapping.Span,
            Name = shapes.FileName(keys.Optional("connection"), "the name of a connection"),
            Connector = connector ?? new Located<string>("", ShapeReader.First(mapping)),
            Title = shapes.Text(keys.Optional("title"), "Main org"),
            Settings = readers.Values.Block(keys.Optional("settings"), "{ baseUrl: https://login.salesforce.com }")?.Lines ?? [],
            Secrets = secrets,
        };
        keys.Close(hideSource: true);
        return result;
    }
}
