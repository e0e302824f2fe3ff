namespace WorkflowEngine.Definitions;

/// <summary>Reads what flows and templates declare: connections, parameters, requires, tables, input.</summary>
internal sealed class DeclarationReader(ShapeReader shapes, ValueReader values, QueryReader queries, TypeReader types, ReferenceReader references)
{
    internal static readonly string[] FieldTypes =
        ["text", "longText", "integer", "number", "currency", "boolean", "date", "instant", "picklist", "reference", "url", "email", "phone"];

    public IReadOnlyList<ConnectionName> Connections(YamlEntry? entry, string example)
    {
        var result = new List<ConnectionName>();
        foreach (var line in Entries(entry, "logical names and connectors", example))
        {
            if (shapes.Text(line.Value, line.Key.Value, "salesforce") is { } connector)
            {
                result.Add(new ConnectionName(line.Name, connector));
            }
        }

        return result;
    }

    public IReadOnlyList<ParameterDefinition> Parameters(YamlEntry? entry)
    {
        var result = new List<ParameterDefinition>();
        foreach (var line in Entries(entry, "names and types", "parameters: { country: { type: text, default: US } }"))
        {
            if (Parameter(line) is { } parameter)
            {
                result.Add(parameter);
            }
        }

        return result;
    }

    public IReadOnlyList<RequiredConnection> Requires(YamlEntry? entry)
    {
        const string Example = "requires: { salesforce: { Account: { Key__c: { type: text, length: 20 } } } }";
        var connections = new List<RequiredConnection>();
        foreach (var connection in Entries(entry, "connections, their entities and fields", Example))
        {
            var entities = new List<RequiredEntity>();
            foreach (var entity in Entries(connection, "entities and their fields", Example))
            {
                var fields = Entries(entity, "fields and their types", Example).Select(RequiredField).OfType<RequiredField>().ToList();
                entities.Add(new RequiredEntity(entity.Key.Span.To(entity.Value.Span), entity.Name, fields));
            }

            connections.Add(new RequiredConnection(connection.Key.Span.To(connection.Value.Span), connection.Name, entities));
        }

        return connections;
    }

    /// <param name="rowsOnly">In a deployment, where a table of the template is filled: key and columns may be absent.</param>
    public IReadOnlyList<TableDefinition> Tables(YamlEntry? entry, bool rowsOnly)
    {
        var result = new List<TableDefinition>();
        foreach (var line in Entries(entry, "names of tables", "tables: { regions: { key: text, columns: { region: text } } }"))
        {
            if (shapes.Name(line.Name, "the name of a table") is { } name && Table(line, name, rowsOnly) is { } table)
            {
                result.Add(table);
            }
        }

        return result;
    }

    public InputDefinition? Input(YamlEntry? entry)
    {
        switch (entry?.Value)
        {
            case null:
                return null;
            case YamlMapping mapping:
                return new InputDefinition(mapping.Span, null, types.Fields(mapping));
            default:
                return references.Entity(entry, "servicetitan/job") is { } entity ? new InputDefinition(entity.Span, entity, []) : null;
        }
    }

    /// <summary>The lines of a mapping; none when there is no entry or it is something else, which is then reported.</summary>
    public IReadOnlyList<YamlEntry> Entries(YamlEntry? entry, string expected, string example)
    {
        if (entry is null)
        {
            return [];
        }

        return shapes.Mapping(entry.Value, $"{expected} for '{entry.Key.Value}'", example)?.Entries ?? [];
    }

    private ParameterDefinition? Parameter(YamlEntry line)
    {
        var name = shapes.Name(line.Name, "the name of a parameter");
        var span = line.Key.Span.To(line.Value.Span);
        if (line.Value is not YamlMapping mapping)
        {
            return types.Type(line.Value) is { } simple && name is not null ? new ParameterDefinition { Span = span, Name = name, Type = simple } : null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, $"The parameter '{line.Key.Value}'", line.Key.Span);
        var type = types.Type(keys, mapping, isParameter: true);
        var title = shapes.Text(keys.Optional("title"), "Country of phone numbers");
        var value = values.Value(keys.Optional("default"));
        var optional = shapes.Boolean(keys.Optional("optional"));
        var min = values.Value(keys.Optional("min"));
        var max = values.Value(keys.Optional("max"));
        var where = queries.Where(keys.Optional("where"));
        keys.Close();
        if (type is null || name is null)
        {
            return null;
        }

        return new ParameterDefinition
        {
            Span = span,
            Name = name,
            Type = type,
            Title = title,
            Default = value,
            Optional = optional,
            Min = min,
            Max = max,
            Where = where,
        };
    }

    private RequiredField? RequiredField(YamlEntry line)
    {
        var span = line.Key.Span.To(line.Value.Span);
        if (line.Value is not YamlMapping mapping)
        {
            return FieldType(line) is { } simple ? new RequiredField { Span = span, Name = line.Name, Type = simple } : null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, $"The field '{line.Key.Value}'", line.Key.Span);
        var type = FieldType(keys.Required("type", "{ type: text, length: 20 }"));
        var title = shapes.Text(keys.Optional("title"), "ServiceTitan customer");
        var length = shapes.Integer(keys.Optional("length"), 1);
        var scale = shapes.Integer(keys.Optional("scale"), 0, 18);
        var externalId = shapes.Boolean(keys.Optional("externalId"));
        var unique = shapes.Boolean(keys.Optional("unique"));
        var to = shapes.Text(keys.Optional("to"), "Account");
        var choices = shapes.Texts(keys.Optional("values"), "[Active, Expired]");
        keys.Close();
        if (type is null)
        {
            return null;
        }

        if (type.Value == "reference" && to is null)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.MissingKey(type.Span, "The type reference", "to", "{ type: reference, to: Account }"));
        }

        return new RequiredField
        {
            Span = span,
            Name = line.Name,
            Type = type,
            Title = title,
            Length = length,
            Scale = scale,
            ExternalId = externalId,
            Unique = unique,
            To = to,
            Values = choices,
        };
    }

    private Located<string>? FieldType(YamlEntry? entry)
    {
        if (shapes.Text(entry, "text") is not { } type)
        {
            return null;
        }

        if (Array.IndexOf(FieldTypes, type.Value) < 0)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.UnknownType(type.Span, ShapeReader.Shorten(type.Value), FieldTypes));
            return null;
        }

        return type;
    }

    private TableDefinition? Table(YamlEntry line, Located<string> name, bool rowsOnly)
    {
        const string Example = "{ key: text, columns: { region: text } }";
        if (shapes.Mapping(line.Value, $"key, columns and rows for the table '{name.Value}'", $"{name.Value}: {Example}") is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, $"The table '{name.Value}'", line.Key.Span);
        var keyEntry = rowsOnly ? keys.Optional("key") : keys.Required("key", Example);
        var columnsEntry = rowsOnly ? keys.Optional("columns") : keys.Required("columns", Example);
        var key = keyEntry is null ? null : types.Type(keyEntry.Value);
        var columns = types.Fields(columnsEntry, "region");
        var rowsEntry = keys.Optional("rows");
        Located<string>? file = null;
        IReadOnlyList<TableRow> rows = [];
        if (rowsEntry?.Value is YamlSequence sequence)
        {
            rows = [.. sequence.Items.Select(Row).OfType<TableRow>()];
        }
        else if (rowsEntry is not null)
        {
            file = shapes.Text(rowsEntry, "tables/regions.csv");
        }

        keys.Close();
        return new TableDefinition(line.Key.Span.To(line.Value.Span), name, key, columns, rows, file);
    }

    private TableRow? Row(YamlNode node)
    {
        const string Example = "- { key: Plumbing, region: Treasure Valley }";
        if (shapes.Mapping(node, "a row: its key and its columns", Example) is not { } mapping)
        {
            return null;
        }

        if (mapping.Find("key") is not { } key)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.MissingKey(ShapeReader.First(mapping), "A row", "key", Example));
            return null;
        }

        var lines = values.Lines(mapping, overlay: false).Where(l => l.Name.Value != "key").ToList();
        return values.Value(key.Value) is { } value ? new TableRow(mapping.Span, value, lines) : null;
    }
}
