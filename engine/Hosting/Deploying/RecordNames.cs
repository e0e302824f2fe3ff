using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Records that a deployment's parameters and tables call by their name: each is found in the org and stands there by its id. A name that is nobody's, or several records', is told.</summary>
internal sealed class RecordNames(IReadOnlyDictionary<string, BoundConnection> connections)
{
    private readonly Dictionary<(string Connection, string Entity, string Name), string?> _asked = [];
    private readonly Dictionary<(string Connection, string Entity, string Name), string> _places = [];

    /// <summary>The deployment with ids in place of names; or one sentence for each name that means no record, or several.</summary>
    public static async Task<(PlannedDeployment Planned, IReadOnlyList<string> Problems)> ResolveAsync(
        PlannedDeployment planned, IReadOnlyDictionary<string, BoundConnection> connections, CancellationToken cancellationToken)
    {
        var names = new RecordNames(connections);
        // Once to see what is called by a name, once to put the ids there.
        names.Walk(planned);
        if (names._asked.Count == 0) return (planned, []);
        var problems = new List<string>();
        foreach (var group in names._asked.Keys.GroupBy(a => (a.Connection, a.Entity)).ToList())
        {
            await names.FindAsync(connections[group.Key.Connection], group.Key.Entity, [.. group], problems, cancellationToken).ConfigureAwait(false);
        }

        return (names.Walk(planned), [.. problems.Select(p => $"{planned.Name}: {p}")]);
    }

    private PlannedDeployment Walk(PlannedDeployment planned)
    {
        var parameters = new Dictionary<string, object?>(planned.Parameters);
        foreach (var parameter in planned.Flow.Parameters)
        {
            if (parameters.TryGetValue(parameter.Name, out var value)) parameters[parameter.Name] = Of(parameter.Type, parameter.Connection, value, $"the parameter '{parameter.Name}'");
        }

        var tables = new Dictionary<string, object?>(planned.Tables);
        foreach (var table in planned.Flow.Tables)
        {
            if (tables.GetValueOrDefault(table.Name) is not IReadOnlyList<object?> rows) continue;
            tables[table.Name] = rows.OfType<IReadOnlyDictionary<string, object?>>().Select(object? (row) =>
            {
                var values = new Dictionary<string, object?>(row);
                if (values.GetValueOrDefault("key") is not "*") values["key"] = Of(table.Key, table.KeyConnection, values.GetValueOrDefault("key"), $"a key of the table '{table.Name}'");
                foreach (var column in table.Columns) values[column.Name] = Of(column.Type, column.Connection, values.GetValueOrDefault(column.Name), $"'{column.Name}' of the table '{table.Name}'");
                return values;
            }).ToList();
        }

        return planned with { Parameters = parameters, Tables = tables };
    }

    private object? Of(FieldType type, string? connection, object? value, string place)
    {
        if (type is { Kind: FieldKind.List, Item: { } item } && value is IReadOnlyList<object?> list) return list.Select(v => Of(item, connection, v, place)).ToList();
        if (connection is null || type is not { Kind: FieldKind.Id, Entity: { } entity } || value is not string { Length: > 0 } text || IsId(connection, entity, text)) return value;
        var key = (connection, entity, text);
        _places.TryAdd(key, place);
        return _asked.TryGetValue(key, out var id) ? id ?? value : _asked[key] = null;
    }

    /// <summary>Ids that are numbers, and those of 15 or 18 letters and digits that begin with their kind, which has a digit.</summary>
    private bool IsId(string connection, string entity, string text) => connections.GetValueOrDefault(connection)?.Descriptor.Entity(entity) is not { } descriptor
        || (descriptor.Field(descriptor.IdField)?.Type.NumberOnWire == true ? text.All(char.IsAsciiDigit) : text.Length is 15 or 18 && text.All(char.IsAsciiLetterOrDigit) && text.Take(5).Any(char.IsAsciiDigit));

    private async Task FindAsync(BoundConnection connection, string entity, List<(string Connection, string Entity, string Name)> asked, List<string> problems, CancellationToken cancellationToken)
    {
        var descriptor = connection.Descriptor.Entity(entity);
        if (descriptor is null || (descriptor.Field("Name") ?? descriptor.Field("name")) is not { Filterable: true } name)
        {
            problems.AddRange(asked.Select(a => $"{_places[a]} is to be the id of a {a.Connection}/{entity}; '{a.Name}' is none, and the vendor cannot be asked for such records by their name."));
            return;
        }

        var answer = await connection.Connection.ReadAsync(
            new ReadBatch { Entity = entity, Fields = [descriptor.IdField, name.Name], Conditions = [.. asked.Select(a => new FieldCondition(name.Name, Comparison.In, [a.Name]))], RowCap = 3 }, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < asked.Count; i++)
        {
            var (key, error) = (asked[i], answer.CallError ?? answer.Items[i].Error);
            if (error is not null)
            {
                problems.Add($"{_places[key]}: {connection.Name} could not be asked for a {entity} called '{key.Name}' ({error.Kind}, {error.Code}): {error.Message}");
                continue;
            }

            var ids = answer.Items[i].Value!.Rows.Select(r => r.GetValueOrDefault(descriptor.IdField)).OfType<object>().Select(FieldValues.AsText).OfType<string>().ToList();
            if (ids is [var id]) _asked[key] = id;
            else problems.Add($"{_places[key]}: {(ids.Count == 0 ? $"no {key.Connection}/{entity} is called '{key.Name}'" : $"several {key.Connection}/{entity} are called '{key.Name}' ({string.Join(", ", ids)}); give the id")}.");
        }
    }
}
