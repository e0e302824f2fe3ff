namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Grants of fields: what the running user may see follows from them.</summary>
internal sealed class FieldPermissionRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        if (row.Definition.Name == "PermissionSetAssignment")
        {
            return row.IsNew && row.Rows("PermissionSetAssignment", "AssigneeId", row.Text("AssigneeId")).Any(a => a.Text("PermissionSetId") == row.Text("PermissionSetId"))
                ? new RowError("DUPLICATE_VALUE", "duplicate value found: PermissionSetId duplicates value on record with id: PermissionSetAssignment", []) : null;
        }

        if (row.IsNew && row.Rows("FieldPermissions", "ParentId", row.Text("ParentId")).Any(p => p.Text("Field") == row.Text("Field")))
        {
            return new RowError("DUPLICATE_VALUE", "duplicate value found: Field duplicates value on record of this permission set", []);
        }

        var names = row.Text("Field")!.Split('.');
        return names is [var type, var field] && type == row.Text("SobjectType") && row.State.Schema.Find(type)?.FindAny(field) is not null
            ? null : new RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"Field Name: bad value for restricted picklist field: {row.Text("Field")}", ["Field"]);
    }

    public override void After(RowChange row, OrgRecord record) => Apply(row.State);

    public override void Deleted(OrgState state, RecordWriter writer, OrgRecord record) => Apply(state);

    private static void Apply(OrgState state)
    {
        var sets = state.All(state.Schema.Find("PermissionSetAssignment")!).Where(a => !a.IsDeleted && a.Text("AssigneeId") == state.IntegrationUser)
            .Select(a => a.Text("PermissionSetId")).ToHashSet(StringComparer.Ordinal);
        var grants = state.All(state.Schema.Find("FieldPermissions")!).Where(p => !p.IsDeleted && sets.Contains(p.Text("ParentId")))
            .GroupBy(p => p.Text("Field")!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => (Read: g.Any(p => p.Values.GetValueOrDefault("PermissionsRead") is true), Edit: g.Any(p => p.Values.GetValueOrDefault("PermissionsEdit") is true)), StringComparer.OrdinalIgnoreCase);
        foreach (var definition in state.Schema.Objects)
        {
            foreach (var field in definition.AllFields.Where(f => f.NeedsGrant).ToList())
            {
                var (read, edit) = grants.GetValueOrDefault($"{definition.Name}.{field.Name}");
                var visible = definition.Find(field.Name);
                if ((visible is not null) != read || (visible is not null && visible.Updateable != edit))
                {
                    definition.Grant(field, read, edit);
                    definition.ChangedAt = state.Now;
                }
            }
        }
    }
}
