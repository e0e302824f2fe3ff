using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using static WorkflowEngine.Compilation.Schema.SchemaNode;

namespace WorkflowEngine.Compilation.Schema;

/// <summary>Definitions that the other parts of the schema refer to: values, conditions, types, triggers.</summary>
internal static class SharedDefinitions
{
    private const string Duration = "^(=|-?[0-9]+(w|d|h|m|s|ms))";

    public static IEnumerable<(string Name, JsonNode Node)> All(IReadOnlyList<ConnectorDescriptor> catalog)
    {
        yield return ("value", Any(
            Text("Text, or an expression that begins with =."), new JsonObject { ["type"] = "number" }, Boolean(), new JsonObject { ["type"] = "null" },
            List(Ref("value")), Lines(Ref("value"))));
        yield return ("expression", Pattern("^=", "An expression begins with =."));
        yield return ("condition", Any(Ref("expression"), Boolean()));
        yield return ("message", Described(Text(), "A text, or an expression that gives one."));
        yield return ("duration", Pattern(Duration, "Whole numbers with w, d, h, m, s or ms, such as 1h30m; or an expression."));
        yield return ("texts", Any(Text(), List(Text())));
        yield return ("lines", Lines(Ref("value")));
        yield return ("with", Any(Ref("expression"), Ref("lines")));
        yield return ("where", Where());
        yield return ("match", Match());
        yield return ("entity", Entities(catalog));
        yield return ("event", Events(catalog));
        yield return ("operation", Operations(catalog));
        yield return ("type", Type());
        yield return ("parameter", Parameter());
        yield return ("requiredField", RequiredField());
        yield return ("table", Table());
        yield return ("trigger", Triggers());
    }

    private static JsonObject Entities(IReadOnlyList<ConnectorDescriptor> catalog) => Known(
        catalog.SelectMany(c => c.Entities.Select(e => $"{c.Name}/{e.Name}")), "^[A-Za-z_][A-Za-z0-9_-]*/[^/]+$", "connection/Entity");

    private static JsonObject Events(IReadOnlyList<ConnectorDescriptor> catalog) => Known(
        catalog.SelectMany(c => c.Entities.SelectMany(e => e.Events.Select(x => $"{c.Name}/{e.Name}.{x.Name}"))), "^[A-Za-z_][A-Za-z0-9_-]*/[^/]+$", "connection/entity.event");

    private static JsonObject Operations(IReadOnlyList<ConnectorDescriptor> catalog) => Known(
        catalog.SelectMany(c => c.Operations.Select(o => $"{c.Name}/{o.Name}")), "^[A-Za-z_][A-Za-z0-9_-]*/[^/]+$", "connection/operation");

    // The known ones are offered; others may be declared under 'requires', and a connection may have a name of its own.
    private static JsonObject Known(IEnumerable<string> names, string pattern, string description) =>
        Described(Any(OneWord([.. names.Order(StringComparer.Ordinal)]), Pattern(pattern)), description);

    private static JsonObject Where()
    {
        var test = Object(
            null,
            ("in", Ref("value")), ("notIn", Ref("value")), ("gt", Ref("value")), ("gte", Ref("value")), ("lt", Ref("value")), ("lte", Ref("value")),
            ("like", Ref("value")), ("not", Ref("value")), ("is", Ref("value")));
        var literal = Object(null, ("literal!", Text()));
        var node = Lines(
            Any(Text(), new JsonObject { ["type"] = "number" }, Boolean(), new JsonObject { ["type"] = "null" }, List(Ref("value")), test, literal),
            "Lines joined by and; a list means in.");
        node["properties"] = new JsonObject { ["any"] = List(Ref("where"), 1) };
        return node;
    }

    private static JsonObject Match()
    {
        var pair = Lines(Ref("value"));
        return Described(List(Any(List(Any(Text(), pair), 1), pair), 1), "Rules, tried in order: lists of fields, or paths with a value that is only compared.");
    }

    private static JsonObject Type()
    {
        var words = Any(
            OneWord("text", "integer", "number", "decimal", "boolean", "date", "instant", "duration", "timeZone", "cron"),
            Pattern("^Id<[^>]+>$", "Id<connection/Entity>"),
            Ref("entity"));
        return Any(words, Object(
            null,
            ("type", Text()),
            ("list", Ref("type")),
            ("fields", Lines(Ref("type"))),
            ("of", Any(Ref("type"), Ref("texts"))),
            ("optional", Boolean()),
            ("default", Ref("value")),
            ("title", Text())));
    }

    private static JsonObject Parameter() => Any(Ref("type"), Object(
        null,
        ("type!", Described(Text(), "text, integer, number, decimal, boolean, date, instant, duration, timeZone, cron, choice, list, connection/Entity or connection/Entity.field")),
        ("of", Any(Ref("type"), Ref("texts"))),
        ("title", Text()),
        ("default", Ref("value")),
        ("optional", Boolean()),
        ("min", Ref("value")),
        ("max", Ref("value")),
        ("where", Ref("where"))));

    private static JsonObject RequiredField()
    {
        var words = OneWord([.. OrgField.Words]);
        return Any(words, Object(
            null,
            ("type!", words),
            ("title", Text()),
            ("length", Integer(1)),
            ("scale", Integer(0, 18)),
            ("externalId", Boolean()),
            ("unique", Boolean()),
            ("to", Text("The entity a reference points to.")),
            ("values", Ref("texts"))));
    }

    private static JsonObject Table()
    {
        var row = Lines(Ref("value"));
        row["required"] = new JsonArray("key");
        return Object(
            null,
            ("key", Ref("type")),
            ("columns", Lines(Ref("type"))),
            ("rows", Any(List(row), Text("A CSV file."))));
    }

    private static JsonObject Triggers()
    {
        (string, JsonNode)[] common =
        [
            ("id", Ref("name")), ("with", Ref("with")), ("every", Ref("duration")), ("filter", Ref("condition")), ("sticky", Boolean()),
            ("latestOnly", Boolean()), ("onlyWhenChanged", Boolean()), ("since", Ref("value")),
        ];
        return Any(
            Object("A record changes, or starts to satisfy a condition.", [("on!", Ref("event")), ("becomes", Ref("where")), .. common]),
            Object(
                "A cron schedule; with 'for' each new event of the source is a run of its own.",
                [("schedule!", Ref("message")), ("timeZone", Ref("message")), ("for", Ref("event")), ("after", OneWord("drained")), .. common]),
            Object("An authenticated inbound call.", [("webhook!", Text()), ("eventId", Ref("value")), .. common]),
            Object("Started by a person.", [("manual!", Boolean()), .. common]));
    }
}
