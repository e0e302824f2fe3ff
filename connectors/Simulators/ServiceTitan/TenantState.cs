using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>All records of the simulated tenant and what may happen to them.</summary>
internal sealed partial class TenantState(SimulatorClock clock)
{
    /// <summary>The user id written to <c>createdById</c>: the integration's own user.</summary>
    public const long IntegrationUser = 501;

    private readonly Dictionary<long, List<ContactLine>> _linesByCustomer = [];
    private readonly Dictionary<long, List<ContactLine>> _linesByLocation = [];
    private readonly Dictionary<long, SortedDictionary<long, Location>> _locationsByCustomer = [];
    private long _nextId = 48_120_000;

    public Table<Customer> Customers { get; } = new();

    public Table<ContactLine> CustomerContacts { get; } = new();

    public Table<Location> Locations { get; } = new();

    public Table<ContactLine> LocationContacts { get; } = new();

    public Table<TagType> TagTypes { get; } = new();

    /// <summary>The tax zones a location may be put into; the simulated tenant has three.</summary>
    public IReadOnlyList<long> TaxZones { get; } = [1, 2, 3];

    public DateTimeOffset Now => clock.GetUtcNow();

    public long NextId() => ++_nextId;

    public void Clear()
    {
        Customers.Clear();
        CustomerContacts.Clear();
        Locations.Clear();
        LocationContacts.Clear();
        TagTypes.Clear();
        ClearRecords();
        _linesByCustomer.Clear();
        _linesByLocation.Clear();
        _locationsByCustomer.Clear();
        _nextId = 48_120_000;
    }

    public IReadOnlyList<ContactLine> LinesOf(long customerId) => _linesByCustomer.TryGetValue(customerId, out var lines) ? lines : [];

    public IReadOnlyList<ContactLine> LinesOf(Location location) => _linesByLocation.TryGetValue(location.Id, out var lines) ? [.. lines.Where(l => l.Active)] : [];

    public Customer Add(Customer customer, TimeSpan invisibleFor)
    {
        var now = Now;
        customer.CreatedOn = customer.CreatedOn == default ? now : customer.CreatedOn;
        customer.ModifiedOn = customer.ModifiedOn == default ? customer.CreatedOn : customer.ModifiedOn;
        customer.EditedOn = customer.ModifiedOn;
        Customers.Add(customer, now, invisibleFor);
        _nextId = Math.Max(_nextId, customer.Id);
        return customer;
    }

    public ContactLine AddLine(long customerId, string type, string value, string? memo, DateTimeOffset? createdOn, TimeSpan invisibleFor)
    {
        var at = createdOn ?? Now;
        var line = new ContactLine
        {
            Id = NextId(), OwnerId = customerId, Type = type, Value = value, Memo = memo, CreatedOn = at, ModifiedOn = at,
        };
        CustomerContacts.Add(line, Now, invisibleFor);
        if (!_linesByCustomer.TryGetValue(customerId, out var lines))
        {
            _linesByCustomer[customerId] = lines = [];
        }

        lines.Add(line);
        return line;
    }

    public Location AddLocation(Location location, IEnumerable<ContactSeed> contacts, TimeSpan invisibleFor)
    {
        location.CreatedOn = location.CreatedOn == default ? Now : location.CreatedOn;
        location.ModifiedOn = location.CreatedOn;
        Locations.Add(location, Now, invisibleFor);
        Belongs(location);
        _nextId = Math.Max(_nextId, location.Id);
        foreach (var contact in contacts)
        {
            AddLine(location, contact, location.CreatedOn, invisibleFor);
        }

        return location;
    }

    public ContactLine AddLine(Location location, ContactSeed contact, DateTimeOffset createdOn, TimeSpan invisibleFor)
    {
        var line = new ContactLine
        {
            Id = NextId(), OwnerId = location.Id, Type = contact.Type, Value = contact.Value, Memo = contact.Memo, CreatedOn = createdOn, ModifiedOn = createdOn,
        };
        LocationContacts.Add(line, Now, invisibleFor);
        if (!_linesByLocation.TryGetValue(location.Id, out var lines))
        {
            _linesByLocation[location.Id] = lines = [];
        }

        lines.Add(line);
        return line;
    }

    public void Touch(Customer customer)
    {
        customer.ModifiedOn = customer.EditedOn = Later(customer.ModifiedOn);
        Customers.Changed(customer, Now);
    }

    /// <summary>A moved balance is a change too, unless a list asks to leave those out.</summary>
    public void SetBalance(Customer customer, decimal balance)
    {
        if (customer.Balance != balance)
        {
            customer.Balance = balance;
            customer.ModifiedOn = Later(customer.ModifiedOn);
            Customers.Changed(customer, Now);
        }
    }

    /// <summary>A changed contact line leaves the customer's <c>modifiedOn</c> alone.</summary>
    public void Touch(ContactLine line)
    {
        line.ModifiedOn = Later(line.ModifiedOn);
        (CustomerContacts.Find(line.Id) == line ? CustomerContacts : LocationContacts).Changed(line, Now);
    }

    public void Touch(Location location)
    {
        location.ModifiedOn = Later(location.ModifiedOn);
        Locations.Changed(location, Now);
    }

    public void Touch(TagType tag)
    {
        tag.ModifiedOn = Later(tag.ModifiedOn);
        TagTypes.Changed(tag, Now);
    }

    public void Remove(ContactLine line)
    {
        line.Active = false;
        Touch(line);
        if (CustomerContacts.Find(line.Id) == line)
        {
            _linesByCustomer[line.OwnerId].Remove(line);
        }
    }

    /// <summary>A place belongs to another customer from now on.</summary>
    public void Move(Location location, long customerId)
    {
        if (location.CustomerId == customerId)
        {
            return;
        }

        _locationsByCustomer[location.CustomerId].Remove(location.Id);
        location.CustomerId = customerId;
        Belongs(location);
    }

    /// <summary>A person merges two customers: the loser ends inactive and points to the survivor, its lines and locations move there.</summary>
    public void Merge(Customer loser, Customer survivor)
    {
        loser.Active = false;
        loser.MergedToId = survivor.Id;
        foreach (var line in LinesOf(loser.Id).ToList())
        {
            _linesByCustomer[loser.Id].Remove(line);
            line.OwnerId = survivor.Id;
            if (!_linesByCustomer.TryGetValue(survivor.Id, out var lines))
            {
                _linesByCustomer[survivor.Id] = lines = [];
            }

            lines.Add(line);
            Touch(line);
        }

        foreach (var location in (Location[])[.. _locationsByCustomer.GetValueOrDefault(loser.Id)?.Values ?? Enumerable.Empty<Location>()])
        {
            Move(location, survivor.Id);
            Touch(location);
        }

        MoveRecords("customerId", loser.Id, survivor.Id);
        Touch(loser);
        Touch(survivor);
    }

    public Customer Add(CustomerSeed seed)
    {
        var createdOn = seed.CreatedOn ?? Now;
        var customer = Add(
            new Customer
            {
                Id = seed.Id ?? NextId(), Name = seed.Name, Type = seed.Type, Address = seed.Address, Active = seed.Active,
                TagTypeIds = [.. seed.TagTypeIds], CreatedOn = createdOn,
            },
            TimeSpan.Zero);
        foreach (var contact in seed.Contacts)
        {
            AddLine(customer.Id, contact.Type, contact.Value, contact.Memo, createdOn, TimeSpan.Zero);
        }

        AddLocation(
            new Location { Id = NextId(), CustomerId = customer.Id, Name = seed.Name, Address = seed.Address, CreatedOn = createdOn },
            [], TimeSpan.Zero);
        return customer;
    }

    /// <summary>A person merges two places of one customer or of two.</summary>
    public void Merge(Location loser, Location survivor)
    {
        loser.Active = false;
        loser.MergedToId = survivor.Id;
        MoveRecords("locationId", loser.Id, survivor.Id);
        Touch(loser);
        Touch(survivor);
    }

    private void Belongs(Location location)
    {
        if (!_locationsByCustomer.TryGetValue(location.CustomerId, out var places))
        {
            _locationsByCustomer[location.CustomerId] = places = [];
        }

        places.Add(location.Id, location);
    }

    /// <summary>Two changes of one record never carry the same stamp, however coarse the clock.</summary>
    private DateTimeOffset Later(DateTimeOffset last)
    {
        var now = Now;
        return now > last ? now : last.AddTicks(1);
    }
}
