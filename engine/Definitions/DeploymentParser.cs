namespace WorkflowEngine.Definitions;

/// <summary>Text of a deployment file to its definition.</summary>
public static class DeploymentParser
{
    private static readonly string[] Messages = ["stop", "fail", "warn", "next"];

    public static ParseResult<DeploymentDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<DeploymentDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Deployment, Read);

    private static DeploymentDefinition Read(Readers readers, YamlMapping mapping)
    {
        var (shapes, declarations) = (readers.Shapes, readers.Declarations);
        var nowhere = new Located<string>("", ShapeReader.First(mapping));
        var keys = new KeyReader(readers.Diagnostics, mapping, "A deployment");
        var deployment = shapes.FileName(keys.Required("deployment", "deployment: silver-creek-revenue"), "the name of a deployment");
        var template = shapes.FileName(keys.Required("template", "template: invoice-to-revenue"), "the name of a template");
        var parameters = keys.Optional("parameters");
        var result = new DeploymentDefinition
        {
            Source = shapes.Source,
            Span = mapping.Span,
            Deployment = deployment ?? nowhere,
            Template = template ?? nowhere,
            Version = shapes.Text(keys.Optional("version"), "1.0.0"),
            State = shapes.Word<DeploymentState>(keys.Optional("state")),
            Connections = declarations.Connections(keys.Optional("connections"), "connections: { salesforce: main-org }"),
            Parameters = readers.Values.Block(parameters, "{ country: US }")?.Lines ?? [],
            Since = readers.Values.Value(keys.Optional("since")),
            Names = Names(readers, keys.Optional("names")),
            Overlay = Overlay(readers, keys.Optional("overlay")),
            Requires = declarations.Requires(keys.Optional("requires")),
            Tables = declarations.Tables(keys.Optional("tables"), rowsOnly: true),
            SharedFields = shapes.Texts(keys.Optional("sharedFields"), "[Opportunity.Amount]"),
            HookToken = Secret(readers, keys.Optional("hookToken")),
        };
        keys.Close();
        return result;
    }

    internal static SecretSource? Secret(Readers readers, YamlEntry? entry)
    {
        if (entry is null || ShapeReader.IsRefused(entry.Value))
        {
            return null;
        }

        // Whatever else stands here may be the secret itself: it is named by its key and never shown.
        if (entry.Value is YamlMapping { Entries: [{ Key.Value: "env", Value: YamlScalar { Kind: YamlScalarKind.Text } name }] } mapping
            && name.Value.Length is > 0 and <= 200 && name.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return new SecretSource(mapping.Span, new Located<string>(name.Value, name.Span));
        }

        readers.Diagnostics.Add(ShapeDiagnostics.SecretWritten(entry.Key.Span, entry.Key.Value));
        return null;
    }

    private static List<NameMapping> Names(Readers readers, YamlEntry? entry)
    {
        var result = new List<NameMapping>();
        foreach (var line in readers.Declarations.Entries(entry, "template names and the org's names", "names: { salesforce/Revenue__c: SC_Revenue__c }"))
        {
            if (!line.Key.Value.Contains('/'))
            {
                readers.Diagnostics.Add(ShapeDiagnostics.BadReference(
                    line.Key.Span, ShapeReader.Shorten(line.Key.Value), "connection/Entity or connection/Entity.field", "salesforce/Revenue__c.Amount__c: Net__c"));
            }
            else if (readers.Shapes.Text(line.Value, line.Key.Value, "SC_Revenue__c") is { } name)
            {
                result.Add(new NameMapping(line.Name, name));
            }
        }

        return result;
    }

    private static List<OverlayFlow> Overlay(Readers readers, YamlEntry? entry)
    {
        const string Example = "overlay: { customer-to-salesforce: { account: { set: { Region__c: West } } } }";
        var result = new List<OverlayFlow>();
        foreach (var flow in readers.Declarations.Entries(entry, "flows and their steps", Example))
        {
            // flow.step is short for one step of a flow.
            var dot = flow.Key.Value.IndexOf('.');
            var span = flow.Key.Span.To(flow.Value.Span);
            if (dot > 0)
            {
                var name = ReferenceReader.Part(flow.Key, 0, dot);
                var step = ReferenceReader.Part(flow.Key, dot + 1, flow.Key.Value.Length - dot - 1);
                result.Add(new OverlayFlow(span, name, Step(readers, step, flow) is { } one ? [one] : []));
                continue;
            }

            var steps = readers.Declarations.Entries(flow, "steps and what changes in them", Example);
            result.Add(new OverlayFlow(span, flow.Name, [.. steps.Select(s => Step(readers, s.Name, s)).OfType<OverlayStep>()]));
        }

        return result;
    }

    private static OverlayStep? Step(Readers readers, Located<string> name, YamlEntry entry)
    {
        var values = readers.Values;
        if (readers.Shapes.Mapping(entry.Value, $"changes of the step '{name.Value}'", $"{name.Value}: {{ set: {{ Region__c: West }} }}") is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(readers.Diagnostics, mapping, $"The overlay of '{name.Value}'", entry.Key.Span);
        FieldLine? message = null;
        foreach (var word in Messages)
        {
            if (keys.Optional(word) is { } line && values.Message(line, "The customer is inactive") is { } text)
            {
                message = new FieldLine(line.Name, text);
            }
        }

        var result = new OverlayStep
        {
            Span = entry.Key.Span.To(entry.Value.Span),
            Step = name,
            Remove = readers.Shapes.Boolean(keys.Optional("remove"))?.Value == true,
            Set = values.Block(keys.Optional("set"), ActivityReader.SetExample, overlay: true),
            SetOnCreate = values.Block(keys.Optional("setOnCreate"), ActivityReader.SetExample, overlay: true),
            SetOnUpdate = values.Block(keys.Optional("setOnUpdate"), ActivityReader.SetExample, overlay: true),
            Map = values.Block(keys.Optional("map"), ActivityReader.SetExample, overlay: true),
            Options = values.Block(keys.Optional("options"), "{ duplicateRule: allow }", overlay: true),
            Where = readers.Queries.Where(keys.Optional("where")),
            If = values.Condition(keys.Optional("if")),
            Message = message,
        };
        keys.Close();
        return result;
    }
}
