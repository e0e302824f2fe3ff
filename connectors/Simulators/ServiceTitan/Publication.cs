using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Which path leads to which code.</summary>
internal sealed class Publication
{
    private readonly CustomerEndpoints _customers;
    private readonly ContactLineEndpoints _contacts;
    private readonly LocationEndpoints _locations;
    private readonly ContactLineEndpoints _locationContacts;
    private readonly TagTypeEndpoints _tags;
    private readonly ExportFeeds _feeds;
    private readonly RecordEndpoints _records;
    private readonly JobEndpoints _jobs;
    private readonly AppointmentEndpoints _appointments;
    private readonly BookingEndpoints _bookings;
    private readonly SettingsEndpoints _settings;
    private readonly ContactHubEndpoints _hub;
    private readonly InvoiceEndpoints _invoices;
    private readonly PaymentEndpoints _payments;
    private readonly MembershipEndpoints _memberships;
    private readonly FeedbackEndpoints _feedback;
    private readonly StaffEndpoints _staff;

    public Publication(TenantState state, CallStatistics statistics, SimulatorOptions options)
    {
        var ledger = new Ledger(state);
        Progress = new JobProgress(state);
        _customers = new CustomerEndpoints(state, statistics, options);
        _contacts = new ContactLineEndpoints(state, statistics, ContactOwners.Customers(state, _customers), _customers);
        _locations = new LocationEndpoints(state, statistics, _customers);
        _locationContacts = new ContactLineEndpoints(state, statistics, ContactOwners.Locations(state, _locations), _customers);
        _tags = new TagTypeEndpoints(state, statistics);
        _feeds = new ExportFeeds(state, options);
        _records = new RecordEndpoints(state, _feeds, options);
        _jobs = new JobEndpoints(state, statistics, _records, _customers, Progress);
        _appointments = new AppointmentEndpoints(state, statistics, _records, _customers, Progress);
        _bookings = new BookingEndpoints(state, statistics, _records, _customers);
        _settings = new SettingsEndpoints(state, statistics, _records, _customers);
        _hub = new ContactHubEndpoints(state);
        _invoices = new InvoiceEndpoints(state, statistics, ledger);
        _payments = new PaymentEndpoints(state, statistics, _customers, ledger);
        _memberships = new MembershipEndpoints(state, statistics, _records, _customers, ledger);
        _feedback = new FeedbackEndpoints(state, statistics, _records);
        _staff = new StaffEndpoints(state, statistics, _records, _customers);
        var people = new PeopleRecords(state, Progress) { Entered = Entered };

        void Entered(Record record)
        {
            ledger.Follow(record);
            var type = record.Kind.Name switch
            {
                "jobs" => record.Text("jobStatus") == "Completed" ? "tn.jpm.job-completed" : "tn.jpm.job-updated",
                "appointments" => "tn.jpm.job-appointment-updated",
                "invoices" => "tn.acc.invoice-updated",
                "bookings" => "tn.crm.booking-updated",
                _ => null,
            };
            if (type is not null)
            {
                state.Happened?.Invoke(type, record);
            }
        }

        People = new PeopleEndpoints(state, new PeopleActions(state, people, _records, Progress, _memberships));
    }

    public PeopleEndpoints People { get; }

    public JobProgress Progress { get; }

    public RecordJson Json => _records.Json;

    public ExportFeeds Feeds => _feeds;

    /// <summary>The answer; null when the vendor publishes no such path or verb.</summary>
    public Answer? Handle(SimulatorRequest request, string module, string[] path)
    {
        var special = module switch
        {
            "crm" => _contacts.Handle(request, path) ?? Crm(request, path) ?? _locationContacts.Handle(request, path) ?? _bookings.Handle(request, path) ?? _hub.Handle(request, path),
            "jpm" => _jobs.Handle(request, path) ?? _appointments.Handle(request, module, path),
            "dispatch" => _appointments.Handle(request, module, path),
            "settings" => Settings(request, path) ?? _staff.Handle(request, path),
            "accounting" => _invoices.Handle(request, path) ?? _payments.Handle(request, path),
            "memberships" => _memberships.Handle(request, path),
            "customer-interactions" => _feedback.Handle(request, path),
            _ => null,
        };
        return special ?? _settings.Handle(request, module, path) ?? _records.Handle(request, module, path);
    }

    private Answer? Crm(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["customers"]) => _customers.List(request),
        ("POST", ["customers"]) => _customers.Create(request),
        ("GET", ["customers", var id]) when CustomerEndpoints.ParseId(id) is not null => _customers.Get(request, id),
        ("PATCH", ["customers", var id]) => _customers.Update(request, id),
        ("GET", ["locations"]) => _locations.List(request),
        ("POST", ["locations"]) => _locations.Create(request),
        ("GET", ["locations", var id]) when CustomerEndpoints.ParseId(id) is not null => _locations.Get(request, id),
        ("PATCH", ["locations", var id]) => _locations.Update(request, id),
        ("GET", ["export", "customers"]) => _feeds.Customers(request),
        ("GET", ["export", "customers", "contacts"]) => _feeds.CustomerContacts(request),
        ("GET", ["export", "locations"]) => _feeds.Locations(request),
        ("GET", ["export", "locations", "contacts"]) => _feeds.LocationContacts(request),
        _ => null,
    };

    private Answer? Settings(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["tag-types"]) => _tags.List(request),
        ("POST", ["tag-types"]) => _tags.Create(request),
        ("PATCH", ["tag-types", var id]) => _tags.Update(request, id),
        ("GET", ["export", "tag-types"]) => _feeds.TagTypes(request),
        _ => null,
    };
}
