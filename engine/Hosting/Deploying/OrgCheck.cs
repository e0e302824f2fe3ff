using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Asks the org for what a flow requires: a key field must exist, be an external id, be unique and be writable by this user. What only steps use that the parameters leave out is not required.</summary>
internal static class OrgCheck
{
    /// <summary>What is missing, one sentence each; empty = all is there, or the org cannot be asked.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(
        PlannedDeployment planned, IReadOnlyDictionary<string, BoundConnection> connections, IEvaluator evaluator, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        IReadOnlySet<string>? leftOut = null;
        foreach (var required in planned.Definition.Requires)
        {
            if (!connections.TryGetValue(required.Connection.Value, out var connection)) continue;
            foreach (var entity in required.Entities)
            {
                var described = await connection.Connection.DescribeAsync(entity.Entity.Value, cancellationToken).ConfigureAwait(false);
                // An org that cannot be described is not refused for it: the metadata file beside the flow stands in.
                if (!described.Succeeded) continue;
                foreach (var field in entity.Fields)
                {
                    if (Lack(field, described.Value.Field(field.Name.Value)) is not { } lack) continue;
                    leftOut ??= await LeftOut.FieldsAsync(planned, evaluator, cancellationToken).ConfigureAwait(false);
                    if (leftOut.Contains($"{required.Connection.Value}/{entity.Entity.Value}.{field.Name.Value}")) continue;
                    missing.Add($"{connection.Name}: {entity.Entity.Value}.{field.Name.Value} {lack}");
                }
            }
        }

        return missing;
    }

    private static string? Lack(RequiredField required, FieldDescriptor? actual) => actual switch
    {
        null => "does not exist or this user cannot see it.",
        { ExternalId: false } when required.ExternalId?.Value == true => "is no external id.",
        { Unique: false } when required.Unique?.Value == true => "is not unique.",
        { Updatable: false, Creatable: false } => "cannot be written by this user.",
        _ => null,
    };
}
