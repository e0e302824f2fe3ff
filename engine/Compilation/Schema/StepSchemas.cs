using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using static WorkflowEngine.Compilation.Schema.SchemaNode;

namespace WorkflowEngine.Compilation.Schema;

/// <summary>One schema for each activity; a step is any of them.</summary>
internal static class StepSchemas
{
    public static IEnumerable<(string Name, JsonNode Node)> All(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        yield return ("name", Pattern("^[A-Za-z_][A-Za-z0-9_]*$", "Expressions can name it."));
        yield return ("options", Options(catalog));
        yield return ("errorCase", Object(
            "The first case that fits is taken.",
            ("kind", Any(ErrorKinds(), List(ErrorKinds()))),
            ("code", Ref("texts")),
            ("do", Ref("steps")),
            ("again", Object("Repeats the step once with these lines changed.", ("set", Ref("lines")), ("setOnCreate", Ref("lines")), ("setOnUpdate", Ref("lines")), ("options", Ref("lines")))),
            ("then", OneWord("fail", "stop", "continue"))));
        var steps = Activities().ToArray();
        foreach (var (name, description, properties) in steps) yield return ($"step.{name}", Step(description, properties));
        yield return ("step", Any([.. steps.Select(s => Ref($"step.{s.Name}"))]));
        yield return ("steps", List(Ref("step")));
    }

    private static IEnumerable<(string Name, string Description, (string, JsonNode)[] Properties)> Activities()
    {
        yield return ("lookup", "One record or null.",
        [
            ("lookup!", Ref("entity")), ("where!", Ref("where")), ("orderBy", Ref("texts")), ("orElse", OneWord("fail", "none", "later", "stop")),
            ("onSeveral", OneWord("fail", "first")), ("scan", Boolean()),
        ]);
        yield return ("query", "A list of records.", [("query!", Ref("entity")), ("where", Ref("where")), ("orderBy", Ref("texts")), ("limit", Integer(1)), ("scan", Boolean())]);
        yield return ("aggregate", "Rows of counts, sums, smallest and greatest values.",
        [
            ("aggregate!", Ref("entity")), ("where", Ref("where")), ("groupBy", Ref("texts")), ("sum", Lines(Text())), ("min", Lines(Text())), ("max", Lines(Text())), ("scan", Boolean()),
        ]);
        yield return ("map", "Named values.", [("map!", Ref("lines"))]);
        yield return ("branch", "The first case that holds.",
        [
            ("branch!", List(Any(
                Object(null, ("case!", Text()), ("when!", Ref("condition")), ("do!", Ref("steps"))),
                Object(null, ("otherwise!", Ref("steps")))), 1)),
        ]);
        yield return ("upsert", "Updates what the rules find, else creates.", [("upsert!", Ref("entity")), ("match!", Ref("match")), .. Set(), .. Halves(),
            ("adopt", Ref("condition")), ("onAmbiguous", OneWord("review", "newest", "oldest", "fail")), ("onOwned", OneWord("create", "share", "review", "fail")),
            ("onDeleted", OneWord("create", "restore", "skip", "fail")), ("skipUnchanged", Boolean())]);
        yield return ("create", "A new record, once for its key.", [("create!", Ref("entity")), ("once", Ref("lines")), .. Set()]);
        yield return ("update", "Changes the record named, or those that fit.", [("update!", Ref("entity")), .. Target(), .. Set(), ("skipUnchanged", Boolean())]);
        yield return ("delete", "Deletes the record named, or those that fit.", [("delete!", Ref("entity")), .. Target()]);
        yield return ("sync", "Makes the children of one record equal a list.", [("sync!", Ref("entity")), ("within!", Ref("lines")), ("each!", Ref("expression")), ("as", Ref("name")),
            ("match!", Ref("match")), .. Set(), .. Halves(), ("missing", Any(OneWord("keep", "delete"), Object(null, ("set!", Ref("lines")))))]);
        yield return ("merge", "Joins duplicates.", [("merge!", Ref("entity")), ("keep!", Ref("value")), ("remove!", Ref("value")), ("survivorship", Lines(Text())), ("because", Ref("value"))]);
        yield return ("forEach", "The steps for each item of a list.", [("forEach!", Ref("expression")), ("as", Ref("name")), ("do!", Ref("steps")), ("output", Ref("value")),
            ("onItemError", OneWord("fail", "continue")), ("concurrency", Integer(1))]);
        yield return ("call", "A connector's named operation.", [("call!", Ref("operation")), ("with", Ref("with")), ("once", Ref("lines"))]);
        yield return ("flow", "Another flow inside this run.", [("flow!", Text()), ("with", Ref("with"))]);
        yield return ("start", "Hands over to a flow under another key.", [("start!", Text()), ("key!", Ref("value")), ("with", Ref("with")), ("at", Ref("value"))]);
        yield return ("wait", "A durable pause.", [("wait!", Any(Ref("duration"), Object(null, ("until", Ref("value")), ("review", Ref("value"))))), ("releaseKey", Boolean())]);
        yield return ("stop", "Ends the run well.", [("stop!", Ref("message"))]);
        yield return ("fail", "Ends the run as failure.", [("fail!", Ref("message"))]);
        yield return ("next", "Ends the item of a loop.", [("next!", Ref("message"))]);
        yield return ("warn", "Opens an incident; the run goes on.", [("warn!", Ref("message")), ("key", Ref("value"))]);
        yield return ("http", "A REST call through a named connection.", [("http!", Text()), ("method", OneWord("GET", "POST", "PUT", "PATCH", "DELETE")), ("path!", Ref("message")),
            ("parameters", Ref("lines")), ("headers", Ref("lines")), ("body", Ref("value")), ("once", Ref("lines"))]);
    }

    private static (string, JsonNode)[] Set() => [("set", Ref("lines")), ("setFrom", Text("A mappings file.")), ("empty", OneWord("keep", "clear"))];

    private static (string, JsonNode)[] Halves() => [("setOnCreate", Ref("lines")), ("setOnUpdate", Ref("lines"))];

    private static (string, JsonNode)[] Target() =>
        [("record", Ref("value")), ("where", Ref("where")), ("orElse", OneWord("fail", "none", "later", "stop")), ("all", Boolean()), ("scan", Boolean())];

    private static JsonObject Step(string description, (string, JsonNode)[] properties) => Object(
        description,
        [
            ("id", Ref("name")), .. properties,
            ("if", Ref("condition")),
            ("retry", Object("Durable, with jitter.", ("attempts", Integer(1, 100)), ("first", Ref("duration")), ("most", Ref("duration")))),
            ("timeout", Ref("duration")),
            ("onError", List(Ref("errorCase"))),
            ("options", Ref("options")),
            ("note", Text()),
            ("was", Ref("texts")),
        ]);

    private static JsonObject Options(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        var node = Lines(Ref("value"), "Typed by the connector.");
        var known = new JsonObject { ["duplicates"] = OneWord("accept", "refuse") };
        foreach (var option in catalog.SelectMany(c => c.Options))
        {
            known[option.Name] = option.Type is { Choices: { Count: > 0 } choices, OpenChoices: false } ? Described(OneWord([.. choices]), option.Description) : Described(Any(Ref("value")), option.Description);
        }

        node["properties"] = known;
        return node;
    }

    private static JsonObject ErrorKinds() => OneWord([.. Enum.GetNames<ErrorKind>().Select(k => char.ToLowerInvariant(k[0]) + k[1..])]);
}
