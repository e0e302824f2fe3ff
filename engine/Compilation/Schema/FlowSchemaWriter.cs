using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using static WorkflowEngine.Compilation.Schema.SchemaNode;

namespace WorkflowEngine.Compilation.Schema;

/// <summary>
/// JSON Schemas of flow, test and deployment files for editors: keys, words, entities, events and operations as the catalogue has them. The checker says much more;
/// what the schema refuses, it refuses too.
/// </summary>
public static class FlowSchemaWriter
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Flow(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var root = Object(
            "One flow: what starts it and what it does.",
            ("flow!", Pattern("^[a-z][a-z0-9-]*$", "The flow's name.")),
            ("title", Text()),
            ("description", Text()),
            ("version", Text("For example 1.0.0.")),
            ("connections", Lines(Any(OneWord([.. catalog.Select(c => c.Name)]), Text()), "Logical name → connector.")),
            ("parameters", Lines(Ref("parameter"), "Asked for at deployment.")),
            ("requires", Lines(Lines(Lines(Ref("requiredField"))), "What the org must have: connection → entity → field.")),
            ("tables", Lines(Ref("table"))),
            ("input", Any(Lines(Ref("type")), Ref("entity"))),
            ("trigger", Any(Ref("trigger"), List(Ref("trigger"), 1))),
            ("key", Described(Ref("value"), "Events of one key run strictly in order. Default: the record's id.")),
            ("steps!", Ref("steps")),
            ("output", Ref("value")),
            ("was", Ref("texts")));
        root["definitions"] = Definitions(catalog);
        return Finish(root, "Flow");
    }

    public static string Tests(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var root = TestsSchema.Root();
        var all = new JsonObject();
        foreach (var (name, node) in TestsSchema.Definitions(catalog)) all[name] = node;
        root["definitions"] = all;
        return Finish(root, "Tests of a flow");
    }

    public static string Deployment(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var step = Object(
            "Changes of one step.",
            ("remove", Boolean()),
            ("set", Ref("lines")),
            ("setOnCreate", Ref("lines")),
            ("setOnUpdate", Ref("lines")),
            ("map", Ref("lines")),
            ("options", Ref("lines")),
            ("where", Ref("where")),
            ("if", Ref("condition")),
            ("stop", Ref("value")),
            ("fail", Ref("value")),
            ("warn", Ref("value")),
            ("next", Ref("value")));
        var root = Object(
            "A template bound to connections and parameters.",
            ("deployment!", Pattern("^[a-z][a-z0-9-]*$", "The deployment's name.")),
            ("template!", Text("The template, or the flow.")),
            ("version", Text("Exact.")),
            ("state", OneWord("active", "paused", "draining")),
            ("connections", Lines(Text(), "Logical name → a connection of the workspace.")),
            ("parameters", Ref("lines")),
            ("since", Described(Ref("value"), "Where sources begin; default now.")),
            ("names", Lines(Text(), "Template name → the org's name.")),
            ("overlay", Lines(Any(Lines(step), step))),
            ("tables", Lines(Ref("table"))),
            ("requires", Lines(Lines(Lines(Ref("requiredField"))), "Fields of this company that its changed lines read or write: connection → entity → field.")),
            ("sharedFields", Described(Ref("texts"), "Fields (Entity.Field) that other deployments write or follow too, and that is meant.")),
            ("hookToken", Object("Where the token of inbound calls is read from.", ("env!", Text()))));
        var all = Definitions(catalog);
        root["definitions"] = new JsonObject(new[] { "value", "expression", "lines", "where", "condition", "table", "type", "texts", "entity", "requiredField" }
            .Select(n => KeyValuePair.Create(n, all[n]?.DeepClone())));
        return Finish(root, "Deployment");
    }

    private static JsonObject Definitions(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var all = new JsonObject();
        foreach (var (name, node) in SharedDefinitions.All(catalog).Concat(StepSchemas.All(catalog))) all[name] = node;
        return all;
    }

    private static string Finish(JsonObject root, string title)
    {
        var whole = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = title };
        foreach (var (name, node) in root.ToArray())
        {
            root.Remove(name);
            whole[name] = node;
        }

        return whole.ToJsonString(Options) + "\n";
    }
}
