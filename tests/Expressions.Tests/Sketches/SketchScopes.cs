using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Tests.Sketches;

/// <summary>Scopes like those that a compiler makes for the six templates.</summary>
internal static class SketchScopes
{
    private static readonly ExprType T = ExprType.Text;
    private static readonly ExprType TN = ExprType.Text.OrNull();
    private static readonly ExprType B = ExprType.Boolean;
    private static readonly ExprType N = ExprType.Number;
    private static readonly ExprType M = ExprType.Decimal;
    private static readonly ExprType MN = ExprType.Decimal.OrNull();
    private static readonly ExprType I = ExprType.Instant;
    private static readonly ExprType IN = ExprType.Instant.OrNull();
    private static readonly ExprType D = ExprType.Date;
    private static readonly ExprType DN = ExprType.Date.OrNull();

    private static ExprType Id(string entity) => ExprType.Id(entity);

    private static ExprType St(string entity) => ExprType.Id("servicetitan/" + entity);

    private static ExprType Sf(string entity) => ExprType.Id("salesforce/" + entity);

    private static ExprType O(string? name, params (string, ExprType)[] fields) => ExprType.Object(name, fields.ToDictionary(f => f.Item1, f => f.Item2));

    private static ExprType L(ExprType item) => ExprType.List(item);

    public static readonly ExprType Address = O(null, ("street", T), ("unit", TN), ("city", T), ("state", T), ("zip", T), ("country", TN));

    public static readonly ExprType Run = O(null, ("id", T), ("now", I), ("flow", T), ("trigger", TN), ("scheduledFor", IN));

    public static readonly ExprType Customer = O("servicetitan/customer", ("id", St("customer")), ("name", T), ("type", ExprType.Choice("Residential", "Commercial")),
        ("active", B), ("mergedToId", St("customer").OrNull()), ("address", Address), ("tagTypeIds", L(St("tagType"))));

    public static readonly ExprType Line = O("servicetitan/customerContact", ("id", St("customerContact")), ("type", ExprType.Choice("Phone", "MobilePhone", "Email", "Fax")), ("value", T), ("memo", TN));

    public static readonly ExprType Invoice = O("servicetitan/invoice", ("id", St("invoice")), ("active", B), ("referenceNumber", TN), ("invoiceDate", DN), ("subTotal", MN), ("total", MN),
        ("salesTax", MN), ("balance", MN), ("adjustmentToId", St("invoice").OrNull()), ("invoiceConfiguration", TN), ("paidOn", IN),
        ("job", O(null, ("id", St("job"))).OrNull()), ("customer", O(null, ("id", St("customer"))).OrNull()), ("businessUnit", O(null, ("id", St("businessUnit"))).OrNull()),
        ("custom", ExprType.Open(ExprType.Any)),
        ("items", L(O(null, ("id", St("invoiceItem")), ("displayName", TN), ("skuName", TN), ("type", T), ("quantity", N), ("total", MN))).OrNull()));

    public static readonly ExprType Job = O("servicetitan/job", ("id", St("job")), ("jobNumber", T), ("jobStatus", ExprType.Choice("Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled")),
        ("noCharge", B), ("recallForId", St("job").OrNull()), ("invoiceId", St("invoice").OrNull()), ("jobTypeId", St("jobType")), ("total", MN), ("completedOn", IN),
        ("customerId", St("customer")), ("locationId", St("location")), ("summary", TN), ("summaryOfWork", TN), ("firstAppointmentId", St("appointment").OrNull()),
        ("external", O(null, ("sfOpportunityId", TN))));

    public static readonly ExprType Opportunity = O("salesforce/Opportunity", ("Id", Sf("Opportunity")), ("Name", T), ("AccountId", Sf("Account").OrNull()), ("OwnerId", Sf("User")), ("Type", TN), ("IsWon", B), ("IsClosed", B),
        ("HasOpportunityLineItem", B), ("CloseDate", D), ("Description", TN), ("ServiceTitan_Job_Id__c", TN), ("ServiceTitan_Origin__c", ExprType.Choice("Salesforce", "ServiceTitan").OrNull()),
        ("ServiceTitan_Service_Date__c", DN), ("ServiceTitan_Service_Window__c", ExprType.Choice("Morning", "Afternoon", "Any").OrNull()));

    public static readonly ExprType Payment = O("servicetitan/payment", ("id", St("payment")), ("refundedPaymentId", St("payment").OrNull()),
        ("appliedTo", L(O(null, ("appliedTo", St("invoice")), ("appliedAmount", MN))).OrNull()));

    public static readonly ExprType Membership = O("servicetitan/membership", ("id", St("membership")), ("customerId", St("customer")), ("status", ExprType.Choice("Active", "Suspended", "Expired", "Canceled", "Deleted")), ("active", B),
        ("membershipTypeId", St("membershipType")), ("renewedById", St("membership").OrNull()), ("from", DN), ("to", DN));

    public static NameScope CustomerToSalesforce()
    {
        var person = O(null, ("key", T), ("lines", L(Line)), ("name", O(null, ("first", TN), ("last", TN))));
        return NameScope.Empty.With("input", Customer).With("run", Run)
            .With("params", O(null, ("country", T), ("owner", Sf("User").OrNull()), ("contacts", ExprType.Choice("primary", "byMemo")), ("locations", ExprType.Choice("none", "records")), ("inactive", ExprType.Choice("leave", "flag"))))
            .With("tables", O(null, ("segments", L(O(null, ("key", St("tagType")), ("segment", T))))))
            .With("losing", O("salesforce/Account", ("Id", Sf("Account")))).With("surviving", O("salesforce/Account", ("Id", Sf("Account"))).OrNull())
            .With("lines", L(Line)).With("tags", L(O("servicetitan/tagType", ("id", St("tagType")), ("name", T))))
            .With("people", O(null, ("named", L(Line)), ("own", L(Line)), ("phone", Line.OrNull()), ("all", L(person))))
            .With("account", O(null, ("id", Sf("Account")), ("created", B), ("changed", B))).With("person", person)
            .With("reach", O(null, ("email", TN), ("mobile", TN), ("phone", TN)))
            .With("sites", L(O("servicetitan/location", ("id", St("location"))))).With("site", O("servicetitan/location", ("id", St("location")), ("name", T), ("address", Address), ("active", B)));
    }

    public static NameScope CompletedJob() => NameScope.Empty.With("run", Run).With("job", Job)
        .With("input", O(null, ("jobId", St("job")))).With("trigger", O(null, ("id", St("job")), ("job", O(null, ("id", St("job"))).OrNull())))
        .With("params", O(null, ("timeZone", T), ("stage", T), ("recordType", Sf("RecordType").OrNull()), ("value", ExprType.Choice("subTotal", "total")), ("amount", ExprType.Choice("write", "leave")), ("recalls", ExprType.Choice("skip", "original", "separate")), ("noCharge", B)))
        .With("tables", O(null, ("stages", L(O(null, ("key", St("jobType")), ("type", T), ("stage", TN))))))
        .With("invoice", Invoice.OrNull()).With("assignments", L(O(null, ("technicianName", T))))
        .With("visits", L(O(null, ("status", ExprType.Choice("Scheduled", "Dispatched", "Working", "Hold", "Done", "Canceled")), ("start", I), ("end", I), ("appointmentSummaries", L(O(null, ("notes", TN))).OrNull()))))
        .With("notes", L(O(null, ("text", TN)))).With("jobType", O(null, ("name", T)).OrNull())
        .With("result", O(null, ("net", MN), ("invoiced", MN), ("recorded", MN), ("amount", MN), ("technicians", T), ("lastVisit", IN), ("closed", D), ("words", L(T)), ("story", T)))
        .With("repeated", Opportunity).With("here", L(Job)).With("found", Opportunity);

    public static NameScope InvoiceToRevenue()
    {
        var use = O(null, ("invoiceId", St("invoice")), ("refund", B), ("amount", M));
        var row = O(null, ("invoice", Invoice), ("revenue", MN), ("paid", M), ("refunded", M));
        return NameScope.Empty.With("run", Run)
            .With("trigger", O(null, ("id", St("invoice")), ("invoiceId", St("invoice")), ("appliedTo", L(O(null, ("appliedTo", St("invoice")))).OrNull()), ("refundedPaymentId", St("payment").OrNull())))
            .With("input", O(null, ("source", T), ("invoiceIds", L(St("invoice"))), ("refundedPaymentId", St("payment").OrNull()), ("jobId", St("job").OrNull()), ("invoiceId", St("invoice"))))
            .With("params", O(null, ("timeZone", T), ("schedule", T), ("target", ExprType.Choice("record", "opportunity")), ("withTax", B), ("lines", B), ("tolerance", M)))
            .With("refunded", Payment.OrNull()).With("touched", L(Invoice)).With("invoice", Invoice)
            .With("ofJob", L(Invoice)).With("itself", L(Invoice)).With("family", O(null, ("invoices", L(Invoice)))).With("receipts", L(Payment))
            .With("figures", O(null, ("uses", L(use)), ("rows", L(row)), ("revenue", M), ("paid", M)))
            .With("opportunity", Opportunity.OrNull()).With("row", row).With("revenue", O(null, ("id", T))).With("line", Invoice.Member("items")!.Item!)
            .With("period", O(null, ("to", D), ("from", D))).With("tables", O(null, ("regions", L(O(null, ("key", St("businessUnit")), ("region", T))))))
            .With("source", ExprType.List(O(null, ("net", M), ("gross", M), ("balance", M)), nonEmpty: true)).With("sink", ExprType.List(O(null, ("revenue", M), ("balance", M)), nonEmpty: true))
            .With("gap", O(null, ("revenue", M), ("balance", M)));
    }

    public static NameScope LowRating()
    {
        return NameScope.Empty.With("run", Run)
            .With("trigger", O(null, ("technicianId", St("technician")), ("jobId", St("job")), ("active", B), ("rating", N), ("internalId", TN), ("externalId", TN), ("platform", TN), ("customerId", St("customer").OrNull()), ("review", TN), ("authorName", TN), ("authorEmail", TN)))
            .With("params", O(null, ("ratingThreshold", N), ("reviewThreshold", N), ("urgentUpTo", N), ("origin", T), ("queue", Sf("Group")), ("reopen", B)))
            .With("input", O(null, ("source", T), ("jobId", St("job").OrNull()), ("customerId", St("customer").OrNull()), ("reviewId", TN), ("score", N), ("low", B), ("standing", B), ("words", TN), ("authorName", TN), ("authorEmail", TN)))
            .With("known", O(null, ("Id", Sf("Case"))).OrNull()).With("feedback", O(null, ("id", T))).With("standing", ExprType.List(O(null, ("rating", N.OrNull())), nonEmpty: true))
            .With("verdict", O(null, ("score", N), ("priority", ExprType.Choice("High", "Medium", "Low")))).With("job", Job.OrNull()).With("customer", Customer.OrNull())
            .With("who", O(null, ("customerId", St("customer").OrNull()), ("personKey", TN))).With("account", O(null, ("Id", Sf("Account")), ("OwnerId", Sf("User"))).OrNull())
            .With("contact", O(null, ("Id", Sf("Contact"))).OrNull()).With("owner", O(null, ("Id", Sf("User"))).OrNull()).With("ticket", O(null, ("id", Sf("Case"))))
            .With("found", O(null, ("AccountId", Sf("Account").OrNull()), ("IsClosed", B), ("ServiceTitan_Rating__c", N.OrNull())));
    }

    public static NameScope Memberships()
    {
        var tier = O(null, ("key", St("membershipType")), ("tier", T), ("rank", ExprType.Integer), ("campaign", Sf("Campaign")));
        var held = O(null, ("id", St("membership")), ("from", DN), ("to", DN), ("row", tier), ("status", T));
        return NameScope.Empty.With("run", Run).With("input", O(null, ("customerId", St("customer")), ("membershipId", St("membership")), ("contactId", Sf("Contact"))))
            .With("params", O(null, ("timeZone", T), ("remindDays", ExprType.Integer), ("reminderCampaign", Sf("Campaign").OrNull())))
            .With("m", O(null, ("id", St("membership")), ("from", DN), ("to", DN), ("row", tier), ("status", T), ("renewedById", St("membership").OrNull()))).With("tables", O(null, ("tiers", L(tier)))).With("contact", O(null, ("Id", Sf("Contact")))).With("memberships", L(Membership)).With("membership", Membership)
            .With("held", O(null, ("active", L(held)), ("best", held.OrNull()), ("campaigns", L(Sf("Campaign"))))).With("allowed", O(null, ("Id", T)).OrNull())
            .With("enrolled", L(O(null, ("Id", T), ("CampaignId", Sf("Campaign")), ("ServiceTitan_Membership_Id__c", TN)))).With("old", O(null, ("Id", T), ("CampaignId", Sf("Campaign")), ("ServiceTitan_Membership_Id__c", TN)))
            .With("why", O(null, ("status", ExprType.Choice("Active", "Suspended", "Expired", "Canceled", "Deleted").OrNull()))).With("due", O(null, ("holds", B), ("day", DN)))
            .With("found", O(null, ("ServiceTitan_Membership_End__c", DN)));
    }

    public static NameScope WonOpportunity() => NameScope.Empty.With("run", Run).With("input", Opportunity).With("trigger", Opportunity)
        .With("params", O(null, ("timeZone", T), ("country", T), ("businessUnit", St("businessUnit")), ("campaign", St("campaign")), ("cancelReason", St("jobCancelReason")), ("fallback", Sf("User"))))
        .With("tables", O(null, ("work", L(O(null, ("key", T), ("jobType", St("jobType")), ("businessUnit", St("businessUnit").OrNull()), ("priority", T)))), ("windows", L(O(null, ("key", T), ("from", T), ("to", T)))), ("technicians", L(O(null, ("key", Sf("User")), ("technician", St("technician")))))))
        .With("booking", O(null, ("day", D), ("hours", O(null, ("from", T), ("to", T)).OrNull()), ("start", I), ("end", I))).With("current", Job.OrNull())
        .With("visit", O(null, ("id", St("appointment")), ("start", I), ("end", I))).With("owner", O(null, ("Id", Sf("User")), ("IsActive", B)))
        .With("account", O(null, ("Id", Sf("Account")), ("Name", T), ("Type", TN), ("Phone", TN), ("BillingStreet", TN), ("BillingCity", TN), ("BillingState", TN), ("BillingPostalCode", TN), ("BillingCountry", TN), ("ServiceTitan_Customer_Id__c", TN)))
        .With("role", O(null, ("ContactId", Sf("Contact"))).OrNull()).With("contact", O(null, ("Email", TN), ("MobilePhone", TN), ("Phone", TN)).OrNull())
        .With("person", O(null, ("email", TN), ("phone", TN), ("address", ExprType.Any), ("lines", L(O(null, ("type", T), ("value", T))))))
        .With("customer", O(null, ("id", St("customer")))).With("location", O(null, ("id", St("location"))))
        .With("job", O(null, ("id", St("job")), ("record", Job))).With("error", O(null, ("kind", T), ("code", T), ("message", T), ("fields", L(T))));
}
