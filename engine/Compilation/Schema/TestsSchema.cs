using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using static WorkflowEngine.Compilation.Schema.SchemaNode;

namespace WorkflowEngine.Compilation.Schema;

/// <summary>The schema of <c>flow.tests.yaml</c>: its words, and the entities of the connectors, which connections are mostly called after.</summary>
internal static class TestsSchema
{
    public static JsonObject Root() => Object(
        "Tests of a flow: what is given, what happens, what must hold.",
        ("flow!", Pattern("^[a-z][a-z0-9-]*$", "The flow whose runs are counted; all flows of its template run.")),
        ("defaults", Object("What every test is given; its own lines win, entity by entity.", ("given", Ref("given")))),
        ("tests!", List(Ref("test"), 1)));

    public static IEnumerable<(string Name, JsonNode Node)> Definitions(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        yield return ("literal", Any(Text(), new JsonObject { ["type"] = "number" }, Boolean(), new JsonObject { ["type"] = "null" }, List(Ref("literal")), Lines(Ref("literal"))));
        yield return ("record", Lines(Ref("literal"), "Fields and their values; nothing is computed."));
        yield return ("records", List(Ref("record")));
        yield return ("expected", Any(Ref("records"), Object("With 'only' no other record may stand there.", ("only", Boolean()), ("records!", Ref("records")))));
        yield return ("test", Object(null, ("name!", Text("A sentence.")), ("given", Ref("given")), ("expect!", Ref("expect"))));
        yield return ("given", Open(
            "The world before, and what happens. Every other key is a connection: its records by entity, or a file with them.",
            [
                ("now", Text("The time at which the events begin, such as 2026-03-02T12:00:00Z.")), ("deployment", Text("A deployment file beside the tests.")), ("parameters", Ref("record")),
                ("tables", Lines(Object(null, ("rows!", Any(Ref("records"), Text("A CSV file.")))))), ("events", List(Ref("event"))), ("faults", List(Ref("fault"))),
                .. catalog.Select(c => (c.Name, (JsonNode)Any(Text("A file of records."), Entities(c, Ref("records"), ("setup", Described(Ref("record"), "The org's rules."))))))
            ],
            Any(Text("A file of records."), Lines(Any(Ref("records"), Ref("record"))))));
        yield return ("expect", Open(
            "What must hold at the end. Every other key is a connection: records by entity.",
            [
                ("runs", Lines(Any(Integer(0), Lines(Integer(0))), "Runs by outcome: succeeded, stopped, filtered, unchanged, superseded, failed, waiting; or by flow and outcome.")),
                ("created", Counts("Records the engine made.")), ("updated", Counts("Writes that changed a record.")),
                ("deadLetters", List(Object(null, ("step", Text()), ("code", Text())))), ("incidents", Any(Text(), List(Text()))), ("outcome", Text("A text that the words of a run's end must hold.")),
                ("repeat", OneWord("noChange")),
                .. catalog.Select(c => (c.Name, (JsonNode)Entities(c, Ref("expected"))))
            ],
            Lines(Ref("expected"))));
        yield return ("event", Open(
            "A record a person makes or changes, by its entity; or a call, a run by hand, a deletion, time that passes.",
            [
                ("after", Pattern("^-?[0-9]+(w|d|h|m|s|ms)", "Time that passes before it, such as 2d.")), ("webhook", Ref("record")), ("run", Text("The flow to run by hand, with its input under 'with'.")),
                ("delete", Text("The entity to delete from, with the record's fields under 'with'.")), ("with", Ref("record")),
                .. catalog.SelectMany(c => c.Entities).Select(e => e.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => (name, (JsonNode)Ref("record")))
            ],
            Ref("record")));
        yield return ("fault", Object(
            "Trouble of the outside at the first calls of a step.",
            ("step!", Text()), ("fail!", Any(OneWord([.. TestFault.Words]), Pattern("^[A-Z]", "A vendor's error code."))), ("times", Integer(1, 1_000))));
    }

    private static JsonObject Counts(string description) => Lines(Integer(0), description + " By connection/Entity.");

    private static JsonObject Entities(ConnectorDescriptor connector, JsonNode records, params (string Name, JsonNode Schema)[] more) =>
        Open(null, [.. more, .. connector.Entities.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => (e.Name, records))], records);

    /// <summary>An object with these properties and any others that fit.</summary>
    private static JsonObject Open(string? description, (string Name, JsonNode Schema)[] properties, JsonNode others)
    {
        var node = Object(description, properties);
        node["additionalProperties"] = others.Parent is null ? others : others.DeepClone();
        return node;
    }
}
