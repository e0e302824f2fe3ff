namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Products of an opportunity: priced by their price book, summed into its amount.</summary>
internal sealed class LineItemRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        if (row.IsNew)
        {
            var opportunity = row.Parent("OpportunityId")!;
            var book = opportunity.Text("Pricebook2Id");
            var entry = row.Parent("PricebookEntryId")
                ?? row.Rows("PricebookEntry", "Product2Id", row.Text("Product2Id")).FirstOrDefault(e => book is null || e.Text("Pricebook2Id") == book);
            if (entry is null)
            {
                return new RowError("REQUIRED_FIELD_MISSING", "Required fields are missing: [PricebookEntryId]", ["PricebookEntryId"]);
            }

            if (book is not null && entry.Text("Pricebook2Id") != book)
            {
                return new RowError("FIELD_INTEGRITY_EXCEPTION", "pricebook entry is in a different pricebook than the one assigned to the opportunity", ["PricebookEntryId"]);
            }

            if (entry.Values.GetValueOrDefault("IsActive") is not true)
            {
                return new RowError("FIELD_INTEGRITY_EXCEPTION", "pricebook entry has been inactivated", ["PricebookEntryId"]);
            }

            (row.Values["PricebookEntryId"], row.Values["Product2Id"]) = (entry.Id, entry.Text("Product2Id"));
            (row.Values["ListPrice"], row.Values["ProductCode"]) = (entry.Values.GetValueOrDefault("UnitPrice"), entry.Text("ProductCode"));
            row.Values["Name"] = $"{opportunity.Text("Name")} {entry.Text("Name")}";
            if (row.Value("UnitPrice") is null && row.Value("TotalPrice") is null)
            {
                row.Values["UnitPrice"] = entry.Values.GetValueOrDefault("UnitPrice");
            }
        }

        if (row.Sets("UnitPrice") && row.Sets("TotalPrice") && row.Values["UnitPrice"] is not null && row.Values["TotalPrice"] is not null)
        {
            return new RowError("FIELD_INTEGRITY_EXCEPTION", "field integrity exception: unknown (only one of unit price or total price may be specified)", []);
        }

        var quantity = (decimal)row.Value("Quantity")!;
        if (quantity == 0)
        {
            return new RowError("FIELD_INTEGRITY_EXCEPTION", "Quantity must be nonzero", ["Quantity"]);
        }

        if (row.Sets("TotalPrice") && row.Values["TotalPrice"] is decimal total)
        {
            row.Values["UnitPrice"] = Math.Round(total / quantity, 2);
        }
        else
        {
            row.Values["TotalPrice"] = Math.Round((row.Value("UnitPrice") as decimal? ?? 0m) * quantity, 2);
        }

        return null;
    }

    public override void After(RowChange row, OrgRecord record)
    {
        var opportunity = row.Parent("OpportunityId")!;
        if (opportunity.Text("Pricebook2Id") is null)
        {
            row.State.Update(opportunity, new Dictionary<string, object?> { ["Pricebook2Id"] = row.Parent("PricebookEntryId")?.Text("Pricebook2Id") });
        }

        RollUp(row.State, row.Writer, opportunity);
    }

    public override void Deleted(OrgState state, RecordWriter writer, OrgRecord record)
    {
        if (record.Text("OpportunityId") is { } id && state.Find(id) is { IsDeleted: false } opportunity)
        {
            RollUp(state, writer, opportunity);
        }
    }

    private static void RollUp(OrgState state, RecordWriter writer, OrgRecord opportunity)
    {
        var items = state.Schema.Find("OpportunityLineItem")!;
        var living = state.WithValue(items, items.Find("OpportunityId")!, opportunity.Id)!.Where(i => !i.IsDeleted).ToList();
        var values = new Dictionary<string, object?> { ["HasOpportunityLineItem"] = living.Count > 0 };
        if (living.Count > 0)
        {
            var amount = living.Sum(i => i.Values.GetValueOrDefault("TotalPrice") as decimal? ?? 0m);
            values["Amount"] = amount;
            values["ExpectedRevenue"] = Math.Round(amount * (opportunity.Values.GetValueOrDefault("Probability") as decimal? ?? 0m) / 100, 2);
        }

        writer.Touch(opportunity, values);
    }
}
