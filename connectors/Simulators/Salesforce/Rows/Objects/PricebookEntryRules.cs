namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

internal sealed class PricebookEntryRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        var product = row.Parent("Product2Id")!;
        if (row.IsNew && row.Rows("PricebookEntry", "Product2Id", product.Id).Any(e => e.Text("Pricebook2Id") == row.Text("Pricebook2Id")))
        {
            return new RowError("DUPLICATE_VALUE", "This price definition already exists in this price book", []);
        }

        (row.Values["Name"], row.Values["ProductCode"]) = (product.Text("Name"), product.Text("ProductCode"));
        return null;
    }
}
