namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Contacts, leads and users: the name is made of its parts.</summary>
internal sealed class PersonNameRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        var parts = new[] { row.Text("FirstName"), row.Text("MiddleName"), row.Text("LastName"), row.Text("Suffix") };
        row.Values["Name"] = string.Join(' ', parts.Where(p => p is not null));
        return row.Sets("ReportsToId") && row.Existing is { } self && row.Text("ReportsToId") == self.Id
            ? new RowError("CIRCULAR_DEPENDENCY", $"attempt to violate hierarchy constraints: {self.Id}", ["ReportsToId"]) : null;
    }
}
