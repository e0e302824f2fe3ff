using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Asks the org for what a flow requires: a key field must exist, be an external id, be unique and be writable by this user.</summary>
internal static class OrgCheck
{
    /// <summary>What is missing, one sentence each; empty = all is there, or the org cannot be asked.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(
        PlannedDeployment planned, IReadOnlyDictionary<string, BoundConnection> connections, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var required in planned.Definition.Requires)
        {
            if (!connections.TryGetValue(required.Connection.Value, out var connection)) continue;
            foreach (var entity in required.Entities)
            {
                var described = await connection.Connection.DescribeAsync(entity.Entity.Value, cancellationToken).ConfigureAwait(false);
                // An org that cannot be described is not refused for it: the metadata file beside the flow stands in.
                if (!described.Succeeded) continue;
                foreach (var field in entity.Fields) Compare(connection, entity.Entity.Value, field, described.Value.Field(field.Name.Value), missing);
            }
        }

        return missing;
    }

    private static void Compare(BoundConnection connection, string entity, RequiredField required, FieldDescriptor? actual, List<string> missing)
    {
        var name = $"{connection.Name}: {entity}.{required.Name.Value}";
        if (actual is null) missing.Add($"{name} does not exist or this user cannot see it.");
        else if (required.ExternalId?.Value == true && !actual.ExternalId) missing.Add($"{name} is no external id.");
        else if (required.Unique?.Value == true && !actual.Unique) missing.Add($"{name} is not unique.");
        else if (!actual.Updatable && !actual.Creatable) missing.Add($"{name} cannot be written by this user.");
    }
}
