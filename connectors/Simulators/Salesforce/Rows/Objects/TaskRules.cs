namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Tasks: closed by their status, of the account behind what they are about.</summary>
internal sealed class TaskRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        var closed = "Completed".Equals(row.Text("Status"), StringComparison.OrdinalIgnoreCase);
        if (closed != row.Flag("IsClosed"))
        {
            row.Values["CompletedDateTime"] = closed ? row.State.Now : null;
        }

        (row.Values["IsClosed"], row.Values["IsHighPriority"]) = (closed, "High".Equals(row.Text("Priority"), StringComparison.OrdinalIgnoreCase));
        row.Values.TryAdd("TaskSubtype", row.Text("TaskSubtype") ?? "Task");
        var (what, who) = (row.Parent("WhatId"), row.Parent("WhoId"));
        if (who?.Definition.Name == "Lead" && what is not null)
        {
            return new RowError("FIELD_INTEGRITY_EXCEPTION", "A task of a lead cannot be related to another record", ["WhatId"]);
        }

        row.Values["AccountId"] = what?.Definition.Name == "Account" ? what.Id : what?.Text("AccountId") ?? who?.Text("AccountId");
        return null;
    }
}
