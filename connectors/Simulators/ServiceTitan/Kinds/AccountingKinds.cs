namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Invoices, their lines and payments. Money is text here.</summary>
internal static class AccountingKinds
{
    private const string Dates = " createdOnOrAfter>=createdOn createdBefore<createdOn modifiedOnOrAfter>=modifiedOn modifiedBefore<modifiedOn";
    private const string Named = "{id:id, name:text?}?";
    private const string Address = "{street:text?, unit:text?, city:text?, state:text?, zip:text?, country:text?}?";
    private const string Account = "{id:id, name:text?, number:text?, type:text?, detailType:text?}?";
    private const string Line = $$"""
        id:id, description:text?, quantity:money?, cost:money?, totalCost:money?, budgetCodeId:id?, inventoryLocationId:id?, inventoryLocation:text?, price:money?,
        type:text(Service|Material|Equipment|PriceModifier|Unspecified), skuName:text?, skuId:id, total:money?, inventory:flag, taxable:flag=true, isChargeable:flag=true,
        generalLedgerAccount:{{Account}}, costOfSaleAccount:{{Account}}, assetAccount:{{Account}}, membershipTypeId:id, itemGroup:{rootId:id, name:text?}?, displayName:text?, soldHours:decimal?,
        createdOn:time, modifiedOn:time, serviceDate:time?, order:int, businessUnit:{{Named}}, createdById:id?, displayInAmount:flag?, importId:text?, exportId:text?, inventoryStatus:text?, addOn:flag,
        memberPrice:money?, technicianId:id?, installedEquipmentId:id?, estimateItemId:id?
        """;

    public static readonly RecordKind Invoices = new("invoices", "accounting", "invoices", "Invoice", Shape.Of($$"""
        id:id, syncStatus:text?=Pending, budgetCodeId:id?, referenceNumber:text?, invoiceDate:time?, dueDate:time?, subTotal:money?, salesTax:money?, salesTaxCode:{id:id, name:text?, taxRate:decimal}?,
        taxZoneId:id?, total:money?, balance:money?, invoiceType:{{Named}}, customer:{{Named}}, customerAddress:{{Address}}, location:{{Named}}, locationAddress:{{Address}},
        businessUnit:{{Named}}, termName:text?, createdBy:text?, batch:{id:id, number:text?, name:text?}?, depositedOn:time?, createdOn:time, modifiedOn:time?, adjustmentToId:id?,
        job:{id:id, number:text?, type:text?}?, projectId:id?, royalty:{status:text?, date:time?, sentOn:time?, memo:text?}?, employeeInfo:{id:id, name:text?, modifiedOn:time}?,
        commissionEligibilityDate:text?, sentStatus:text(NotSent|Sent|Opened), reviewStatus:text(NeedsReview|OnHold|Reviewed|PendingApproval|Rejected|ReadyForBilling|Invoiced), assignedTo:{{Named}},
        summary:text?, items:[{ {{Line}} }]?, customFields:named, active:flag, discountTotal:money?, importId:text?, exportId:text?, materialSkuId:id?, membershipId:id?, paidOn:time?,
        invoiceConfiguration:text(JobInvoice|ProjectInvoice|CounterSales|MembershipInvoice|InterestChargeInvoice|ARImportInvoice)
        """))
    {
        Feed = "invoices",
        Active = "activeState",
        ShowsAll = true,
        Inner = Shape.Of("jobId:id, customerId:id, locationId:id, businessUnitId:id, taxRate:decimal"),
        Own = ["items"],
        Indexed = ["jobId", "customerId", "adjustmentToId"],
        Filters = ListFilter.Of("""
            ids,id statuses+syncStatus jobId= jobNumber=job.number businessUnitId= customerId= invoicedOnOrAfter>=invoiceDate invoicedOnBefore<invoiceDate adjustmentToId= number=referenceNumber
            totalGreater>total totalLess<total dueDateBefore<dueDate dueDateOnOrAfter>=dueDate reviewStatuses+reviewStatus invoiceConfigurations+invoiceConfiguration
            """ + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["customer"] = (s, i) => CustomerName(s, i.Number("customerId")),
            ["customerAddress"] = (s, i) => s.Customers.Find(i.Number("customerId") ?? 0) is { } c ? Postal(c.Address) : null,
            ["location"] = (s, i) => s.Locations.Find(i.Number("locationId") ?? 0) is { } l ? NameOf(l.Id, l.Name) : null,
            ["locationAddress"] = (s, i) => s.Locations.Find(i.Number("locationId") ?? 0) is { } l ? Postal(l.Address) : null,
            ["businessUnit"] = (s, i) => s.Find("businessUnits", i.Number("businessUnitId") ?? 0) is { } b ? NameOf(b.Id, b.Text("name")) : null,
            ["job"] = (s, i) => s.Find("jobs", i.Number("jobId") ?? 0) is { } j
                ? new Dictionary<string, object?> { ["id"] = j.Id, ["number"] = j["jobNumber"], ["type"] = s.Find("jobTypes", j.Number("jobTypeId") ?? 0)?["name"] } : null,
            ["items"] = (s, i) => s.ItemsOf(i).Select(l => (object?)AsValues(l)).ToList(),
        },
    };

    public static readonly RecordKind InvoiceItems = new("invoiceItems", "accounting", "invoice-items", "Invoice item", Shape.Of(Line))
    {
        Listed = false,
        Feed = "invoice-items",
        FeedMembers = Shape.Of("active:flag, invoiceId:id"),
        Indexed = ["invoiceId"],
    };

    public static readonly RecordKind Payments = new("payments", "accounting", "payments", "Payment", Shape.Of($$"""
        active:flag, appliedTo:[{appliedAmount:money?, appliedBy:text?, appliedId:id, appliedOn:time?, appliedTo:id, appliedToReferenceNumber:text?}]?, authCode:text?,
        batch:{id:id, number:text?, name:text?}?, businessUnit:{{Named}}, checkNumber:text?, createdBy:text?, createdOn:time, customer:{{Named}}, customFields:named, date:time?, deposit:{{Named}},
        generalLedgerAccount:{{Account}}, id:id, memo:text?, modifiedOn:time, referenceNumber:text?, refundedPaymentId:id?, syncStatus:text?=Pending, total:money?, type:text?, typeId:text?,
        unappliedAmount:money?
        """))
    {
        Feed = "payments",
        Active = "activeState",
        Inner = Shape.Of("customerId:id, businessUnitId:id"),
        Own = ["type", "appliedTo"],
        Indexed = ["customerId", "invoiceIds"],
        Filters = ListFilter.Of("""
            ids,id appliedToInvoiceIds,invoiceIds appliedToReferenceNumber=appliedTo.appliedToReferenceNumber businessUnitIds,businessUnitId customerId= paidOnAfter>=date paidOnBefore<date
            statuses,syncStatus totalGreater>total totalLess<total
            """ + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["customer"] = (s, p) => CustomerName(s, p.Number("customerId")),
            ["businessUnit"] = (s, p) => s.Find("businessUnits", p.Number("businessUnitId") ?? 0) is { } b ? NameOf(b.Id, b.Text("name")) : null,
            ["type"] = (s, p) => s.Find("paymentTypes", p.Number("typeId") ?? 0)?["name"] ?? p["type"],
            ["appliedTo"] = (s, p) => (p["appliedTo"] as IEnumerable<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>().Select(a => (object?)new Dictionary<string, object?>(a)
            {
                ["appliedToReferenceNumber"] = s.Find("invoices", a.GetValueOrDefault("appliedTo") as long? ?? 0)?["referenceNumber"],
            }).ToList(),
            ["unappliedAmount"] = (_, p) => p.Amount("total") - (p["appliedTo"] as IEnumerable<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>().Sum(a => a.GetValueOrDefault("appliedAmount") as decimal? ?? 0),
        },
    };

    public static readonly RecordKind PaymentTypes = new("paymentTypes", "accounting", "payment-types", "Payment type", Shape.Of("id:id, name:text, createdOn:time?, modifiedOn:time?"))
    {
        Get = true,
        Active = "active",
        Sort = [],
        Filters = ListFilter.Of("ids,id createdOnOrAfter>=createdOn createdBefore<createdOn"),
    };

    public static Dictionary<string, object?> NameOf(long id, string? name) => new() { ["id"] = id, ["name"] = name };

    private static Dictionary<string, object?>? CustomerName(TenantState state, long? id) => state.Customers.Find(id ?? 0) is { } c ? NameOf(c.Id, c.Name) : null;

    private static Dictionary<string, object?> Postal(Address a) => new()
    {
        ["street"] = a.Street, ["unit"] = a.Unit, ["city"] = a.City, ["state"] = a.State, ["zip"] = a.Zip, ["country"] = a.Country,
    };

    private static Dictionary<string, object?> AsValues(Record record) => new(record.Values)
    {
        ["id"] = record.Id, ["createdOn"] = record.CreatedOn, ["modifiedOn"] = record.ModifiedOn,
    };
}
