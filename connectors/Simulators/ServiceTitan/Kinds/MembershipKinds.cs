namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Memberships, their types and their changes of status.</summary>
internal static class MembershipKinds
{
    private const string Dates = " createdOnOrAfter>=createdOn createdBefore<createdOn modifiedOnOrAfter>=modifiedOn modifiedBefore<modifiedOn";
    private const string Frequency = "text(OneTime|Monthly|EveryOtherMonth|Quarterly|BiAnnual|Annual)";
    private const string Status = "text(Active|Suspended|Expired|Canceled|Deleted)";

    public static readonly RecordKind Memberships = new("memberships", "memberships", "memberships", "Membership", Shape.Of($$"""
        id:id, createdOn:time, createdById:id?, modifiedOn:time, followUpOn:time, cancellationDate:time?, from:time?, nextScheduledBillDate:time?, to:time?, billingFrequency:{{Frequency}},
        renewalBillingFrequency:{{Frequency}}?, status:{{Status}}, followUpStatus:text(NotAttempted|Unreachable|Contacted|Won|Dismissed), active:flag, initialDeferredRevenue:decimal, duration:int?,
        renewalDuration:int?, businessUnitId:id, customerId:id, membershipTypeId:id, activatedById:id?, activatedFromId:id?, billingTemplateId:id?, cancellationBalanceInvoiceId:id?,
        cancellationInvoiceId:id?, followUpCustomStatusId:id?, locationId:id?, paymentMethodId:id?, paymentTypeId:id?, recurringLocationId:id?, renewalMembershipTaskId:id?, renewedById:id?,
        soldById:id?, customerPo:text?, importId:text?, memo:text?, customFields:custom
        """))
    {
        Get = true,
        Feed = "memberships",
        Active = "active",
        Indexed = ["customerId"],
        Filters = ListFilter.Of("ids,id customerIds,customerId status= duration= billingFrequency=" + Dates),
    };

    public static readonly RecordKind StatusChanges = new("membershipStatusChanges", "memberships", "membership-status-changes", "Status change", Shape.Of(
        $"id:id, oldStatus:{Status}, newStatus:{Status}, note:text?, createdOn:time, createdById:id?"))
    {
        Listed = false,
        Feed = "membership-status-changes",
        FeedMembers = Shape.Of("membershipId:id"),
        Indexed = ["membershipId"],
    };

    public static readonly RecordKind MembershipTypes = new("membershipTypes", "memberships", "membership-types", "Membership type", Shape.Of($$"""
        name:text, displayName:text?, active:flag, discountMode:text(Basic|Units|Categories), locationTarget:text(AllLocations|SingleLocation), revenueRecognitionMode:text(PointOfSale|Deferred),
        autoCalculateInvoiceTemplates:flag, useMembershipPricingTable:flag, showMembershipSavings:flag, id:id, createdOn:time, createdById:id?, modifiedOn:time, importId:text?, billingTemplateId:id?,
        discount:decimal, durationBilling:[{duration:int?, billingFrequency:{{Frequency}}, salePrice:decimal, billingPrice:decimal, renewalPrice:decimal}]?, discounts:[{targetId:id, discount:decimal}]?,
        recurringServices:[{membershipTypeId:id, recurringServiceTypeId:id, offset:int, offsetType:text(Weeks|Months), allocation:decimal}]?, tagTypeIds:[id]?
        """))
    {
        Get = true,
        Included = new Dictionary<string, string> { ["durationBilling"] = "includeDurationBilling", ["discounts"] = "includeDiscounts", ["recurringServices"] = "includeRecurringServices", ["tagTypeIds"] = "includeTags" },
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["durationBilling"] = (s, t) => t["durationBilling"] ?? s.Of("durationBillings").By("membershipTypeId", t.Id).Select(d => (object?)d.Values).ToList(),
        },
        Own = ["durationBilling"],
        Feed = "membership-types",
        Active = "active",
        Filters = ListFilter.Of("ids,id" + Dates),
    };

    /// <summary>How a type is sold: its price and rhythm.</summary>
    public static readonly RecordKind DurationBillings = new("durationBillings", "memberships", "duration-billing-items", "Duration billing item", Shape.Of(
        $"duration:int?, billingFrequency:{Frequency}, salePrice:decimal, billingPrice:decimal, renewalPrice:decimal, id:id, importId:text?, active:flag, createdOn:time, createdById:id?"))
    {
        Listed = false,
        Inner = Shape.Of("membershipTypeId:id, saleTaskId:id"),
        Indexed = ["membershipTypeId"],
    };
}
