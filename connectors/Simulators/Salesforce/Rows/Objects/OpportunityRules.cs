namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Opportunities: the stage decides the rest, products decide the amount.</summary>
internal sealed class OpportunityRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        if (row.IsNew)
        {
            row.Values["HasOpportunityLineItem"] = false;
        }
        else if (row.Flag("HasOpportunityLineItem"))
        {
            // The amount of an opportunity with products is their sum; what a caller says is ignored without a word.
            row.Values.Remove("Amount");
            if (row.Sets("Pricebook2Id") && row.Text("Pricebook2Id") != row.Existing!.Text("Pricebook2Id"))
            {
                return new RowError("FIELD_INTEGRITY_EXCEPTION", "Opportunity has line items: the price book cannot be changed", ["Pricebook2Id"]);
            }
        }

        if (row.IsNew || (row.Sets("StageName") && row.Text("StageName") != row.Existing!.Text("StageName")))
        {
            var name = row.Text("StageName");
            var stage = row.State.All(row.State.Schema.Find("OpportunityStage")!).FirstOrDefault(s => s.Text("ApiName")!.Equals(name, StringComparison.OrdinalIgnoreCase));
            row.Values["IsWon"] = stage?.Values.GetValueOrDefault("IsWon") is true;
            row.Values["IsClosed"] = stage?.Values.GetValueOrDefault("IsClosed") is true;
            row.Values.TryAdd("Probability", stage?.Values.GetValueOrDefault("DefaultProbability") ?? 0m);
            row.Values.TryAdd("ForecastCategoryName", stage?.Values.GetValueOrDefault("ForecastCategoryName") ?? "Pipeline");
            row.Values["LastStageChangeDate"] = row.State.Now;
        }

        if (row.Value("CloseDate") is DateOnly day)
        {
            (row.Values["FiscalYear"], row.Values["FiscalQuarter"]) = ((decimal)day.Year, (decimal)((day.Month + 2) / 3));
            row.Values["Fiscal"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{day.Year} {(day.Month + 2) / 3}");
        }

        row.Values["ExpectedRevenue"] = row.Value("Amount") is decimal amount && row.Value("Probability") is decimal odds ? Math.Round(amount * odds / 100, 2) : null;
        return null;
    }

    public override void After(RowChange row, OrgRecord record)
    {
        if (row.IsNew && row.Text("ContactId") is { } contact)
        {
            row.Writer.Make(row.Context, "OpportunityContactRole", new() { ["OpportunityId"] = record.Id, ["ContactId"] = contact, ["IsPrimary"] = true });
        }
    }
}
