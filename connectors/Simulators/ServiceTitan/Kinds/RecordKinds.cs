namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>All kinds of records that need no class of their own. Customers, locations, contact lines and tag types have theirs.</summary>
internal static class RecordKinds
{
    public static IReadOnlyList<RecordKind> All { get; } =
    [
        JobKinds.Jobs, JobKinds.Appointments, JobKinds.Assignments, JobKinds.Notes, JobKinds.CanceledLogs, JobKinds.CancelReasons, JobKinds.HoldReasons, JobKinds.JobTypes,
        JobKinds.Bookings, JobKinds.BookingContacts,
        SettingsKinds.Technicians, SettingsKinds.Employees, SettingsKinds.BusinessUnits, SettingsKinds.Campaigns, SettingsKinds.CampaignCategories, SettingsKinds.CustomFieldTypes,
        AccountingKinds.Invoices, AccountingKinds.InvoiceItems, AccountingKinds.Payments, AccountingKinds.PaymentTypes,
        MembershipKinds.Memberships, MembershipKinds.StatusChanges, MembershipKinds.MembershipTypes, MembershipKinds.DurationBillings,
        FeedbackKinds.Reviews, FeedbackKinds.TechnicianRatings,
    ];
}
