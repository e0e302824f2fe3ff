using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary>Writes records and results as the vendor does. The version in addresses is the one the caller used.</summary>
/// <param name="version">The version in addresses.</param>
/// <param name="runner">Finds parents and children.</param>
/// <param name="mostChildren">Children that go into one answer.</param>
/// <param name="more">Keeps the children of a list that does not fit and gives the address of the rest; null = all children go in.</param>
internal sealed class RecordJson(string version, SoqlRunner runner, int mostChildren = int.MaxValue, Func<ChildQuery, List<OrgRecord>, string>? more = null)
{
    public static string Url(string version, OrgRecord record) => $"/services/data/{version}/sobjects/{record.Definition.Name}/{record.Id}";

    public void Record(Utf8JsonWriter w, OrgRecord record, IReadOnlyList<FieldPath> fields, IReadOnlyList<ChildQuery> children, string? property = null)
    {
        if (property is null)
        {
            w.WriteStartObject();
        }
        else
        {
            w.WriteStartObject(property);
        }

        Attributes(w, record);
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (var path in fields)
        {
            if (path.Parents.Count == 0)
            {
                if (written.Add(path.Field.Name))
                {
                    Field(w, record, path.Field);
                }
            }
            else if (path.Parents[0] is { } parent && written.Add(parent.RelationshipName!))
            {
                // All paths that go through this parent make one nested record.
                var inner = fields.Where(f => f.Parents.Count > 0 && f.Parents[0] == parent).Select(f => new FieldPath([.. f.Parents.Skip(1)], f.Field)).ToList();
                if (runner.Parent(record, parent) is { } target)
                {
                    Record(w, target, inner, [], parent.RelationshipName);
                }
                else
                {
                    w.WriteNull(parent.RelationshipName!);
                }
            }
        }

        foreach (var child in children)
        {
            var rows = runner.Children(child, record);
            if (rows.Count == 0)
            {
                w.WriteNull(child.Name);
                continue;
            }

            w.WriteStartObject(child.Name);
            w.WriteNumber("totalSize", rows.Count);
            var done = more is null || rows.Count <= mostChildren;
            w.WriteBoolean("done", done);
            if (!done)
            {
                w.WriteString("nextRecordsUrl", more!(child, rows));
            }

            w.WriteStartArray("records");
            rows[..(done ? rows.Count : mostChildren)].ForEach(r => Record(w, r, child.Query.Select, []));
            w.WriteEndArray();
            w.WriteEndObject();
        }

        w.WriteEndObject();
    }

    public static void Aggregate(Utf8JsonWriter w, OrgRecord row, IGrouping grouping)
    {
        w.WriteStartObject();
        w.WriteStartObject("attributes");
        w.WriteString("type", "AggregateResult");
        w.WriteEndObject();
        foreach (var column in grouping.Columns.Where(c => c.Selected))
        {
            FieldValues.Write(w, column.Field.Name, row[column.Field]);
        }

        w.WriteEndObject();
    }

    public static void Result(Utf8JsonWriter w, RowResult result, bool withCreated)
    {
        w.WriteStartObject();
        if (result.Success)
        {
            w.WriteString("id", result.Id);
        }

        w.WriteBoolean("success", result.Success);
        w.WriteStartArray("errors");
        foreach (var error in result.Errors)
        {
            w.WriteStartObject();
            w.WriteString("statusCode", error.Code);
            w.WriteString("message", error.Message);
            SalesforceErrors.Fields(w, error.Fields);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        if (withCreated)
        {
            w.WriteBoolean("created", result.Created);
        }

        w.WriteEndObject();
    }

    private void Attributes(Utf8JsonWriter w, OrgRecord record)
    {
        w.WriteStartObject("attributes");
        w.WriteString("type", record.Definition.Name);
        w.WriteString("url", Url(version, record));
        w.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter w, OrgRecord record, FieldDefinition field)
    {
        if (field.Type != "address")
        {
            FieldValues.Write(w, field.Name, record[field]);
        }
        else if (CompoundFields.Address(record, field) is { } parts)
        {
            w.WriteStartObject(field.Name);
            foreach (var (name, value) in parts)
            {
                FieldValues.Write(w, name, value);
            }

            w.WriteEndObject();
        }
        else
        {
            w.WriteNull(field.Name);
        }
    }
}
