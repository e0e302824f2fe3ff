using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/_people/…</c>: what people do in the vendor's own screens, merges included, which no API can do.</summary>
internal sealed class PeopleEndpoints(TenantState state, PeopleActions actions)
{
    public Answer? Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["_people", "customers"]) => AddCustomers(request),
        ("PATCH", ["_people", "customers", var id]) => Edit(request, id),
        ("POST", ["_people", "customers", var id, "contacts"]) => AddLine(request, id),
        ("PATCH", ["_people", "contacts", var id]) => EditLine(request, id),
        ("DELETE", ["_people", "contacts", var id]) => RemoveLine(id),
        ("POST", ["_people", "merge"]) => Merge(request),
        ("POST", ["_people", "merge-locations"]) => MergeLocations(request),
        ("POST", ["_people", "tag-types"]) => AddTag(BodyReader.Of(request)),
        ("POST", ["_people", "locations"]) => AddLocation(BodyReader.Of(request)),
        ("PATCH", ["_people", "locations", var id]) => EditLocation(Location(CustomerEndpoints.ParseId(id)), BodyReader.Of(request)),
        _ => actions.Handle(request),
    };

    /// <summary>A record of any kind: changed where it exists, else entered. Its id is answered.</summary>
    public long Put(string kind, JsonElement values)
    {
        var id = values.ValueKind is JsonValueKind.Object && values.TryGetProperty("id", out var own) ? own.ValueKind is JsonValueKind.Number ? own.GetInt64() : CustomerEndpoints.ParseId(own.GetString() ?? "") : null;
        switch (kind)
        {
            case "customers":
                if (id is { } known && state.Customers.Find(known) is { } customer)
                {
                    Edit(customer, BodyReader.Of(values));
                    return known;
                }

                return Enter(values)[0].Id;
            case "locations":
                var there = id is { } place ? state.Locations.Find(place) : null;
                _ = there is null ? AddLocation(BodyReader.Of(values)) : EditLocation(there, BodyReader.Of(values));
                return id ?? state.Locations.All.Max(l => l.Id);
            case "tagTypes":
                if (id is not { } tag || !state.TagTypes.Has(tag))
                {
                    AddTag(BodyReader.Of(values));
                }

                return id ?? state.TagTypes.All.Max(t => t.Id);
            default:
                return actions.Put(kind, values).Id;
        }
    }

    private Answer AddCustomers(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var root)
            || (root.ValueKind is JsonValueKind.Array ? !root.EnumerateArray().All(e => e.ValueKind is JsonValueKind.Object) : root.ValueKind is not JsonValueKind.Object))
        {
            return ControlEndpoints.Problem(400, "One customer or a list of customers is expected.");
        }

        var made = Enter(root);
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("ids");
            made.ForEach(c => w.WriteNumberValue(c.Id));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private List<Customer> Enter(JsonElement root)
    {
        List<(CustomerSeed Seed, Action<Customer> Finish)> seeds = [];
        HashSet<long> taken = [];
        foreach (var element in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
        {
            var body = BodyReader.Of(element);
            var seed = new CustomerSeed
            {
                Id = body.Integer("id"), Name = body.Text("name", true) ?? "", Type = body.OneOf("type", false, "Residential", "Commercial") ?? "Residential",
                Address = CustomerBody.ReadAddress(body, false) ?? Address.None, Contacts = CustomerBody.ReadContacts(body),
                TagTypeIds = body.Integers("tagTypeIds") ?? [], Active = body.Flag("active") ?? true, CreatedOn = body.Instant("createdOn"),
            };
            var (flags, common, balance, merged) = (CustomerBody.ReadFlags(body), CustomerBody.ReadCommon(body, null, "customers", state), body.Decimal("balance"), body.Integer("mergedToId"));
            seeds.Add((seed, c =>
            {
                flags(c);
                common(c.CustomFields, _ => { }, c.ExternalData);
                (c.Balance, c.MergedToId) = (balance ?? c.Balance, merged);
            }));
            if (seed.Id is { } id && (state.Customers.Has(id) || !taken.Add(id)))
            {
                body.Fault("id", "A customer with this id exists.");
            }

            body.ThrowIfFaulty();
        }

        return [.. seeds.Select(s =>
        {
            var customer = state.Add(s.Seed);
            s.Finish(customer);
            return customer;
        })];
    }

    private Answer Edit(SimulatorRequest request, string id)
    {
        var customer = Customer(CustomerEndpoints.ParseId(id));
        Edit(customer, BodyReader.Of(request));
        return Answer.Json(200, w => RowJson.Customer(w, state, customer, null));
    }

    private void Edit(Customer customer, BodyReader body)
    {
        var (name, type, active) = (body.Text("name"), body.OneOf("type", false, "Residential", "Commercial"), body.Flag("active"));
        var (address, flags, balance) = (CustomerBody.ReadAddress(body, false), CustomerBody.ReadFlags(body), body.Decimal("balance"));
        var common = CustomerBody.ReadCommon(body, null, "customers", state);
        body.ThrowIfFaulty();
        customer.Name = name ?? customer.Name;
        customer.Type = type ?? customer.Type;
        customer.Active = active ?? customer.Active;
        customer.Address = address ?? customer.Address;
        customer.Balance = balance ?? customer.Balance;
        flags(customer);
        common(customer.CustomFields, t => customer.TagTypeIds = t, customer.ExternalData);
        state.Touch(customer);
    }

    private Answer AddLocation(BodyReader body)
    {
        var (id, customerId, name) = (body.Integer("id"), body.Integer("customerId", true), body.Text("name"));
        var (address, contacts, common, active) = (CustomerBody.ReadAddress(body, false), CustomerBody.ReadContacts(body), CustomerBody.ReadCommon(body, null, "locations", state), body.Flag("active"));
        if (id is { } given && state.Locations.Has(given))
        {
            body.Fault("id", "A location with this id exists.");
        }

        body.ThrowIfFaulty();
        var location = new Location { Id = id ?? state.NextId(), CustomerId = customerId!.Value, Name = name ?? "Home", Address = address ?? Address.None, Active = active ?? true, CreatedOn = body.Instant("createdOn") ?? default };
        common(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
        state.AddLocation(location, contacts, TimeSpan.Zero);
        return Answer.Json(200, w => RowJson.Location(w, state, location, null, null));
    }

    private Answer EditLocation(Location location, BodyReader body)
    {
        var (customerId, name, active) = (body.Integer("customerId"), body.Text("name"), body.Flag("active"));
        var (address, common) = (CustomerBody.ReadAddress(body, false), CustomerBody.ReadCommon(body, null, "locations", state));
        body.ThrowIfFaulty();
        state.Move(location, customerId ?? location.CustomerId);
        location.Name = name ?? location.Name;
        location.Active = active ?? location.Active;
        location.Address = address ?? location.Address;
        common(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
        state.Touch(location);
        return Answer.Json(200, w => RowJson.Location(w, state, location, null, null));
    }

    private Answer AddLine(SimulatorRequest request, string id)
    {
        var customer = Customer(CustomerEndpoints.ParseId(id));
        var body = BodyReader.Of(request);
        var (type, value, memo) = (CustomerBody.ReadContactType(body, true), body.Text("value", true), body.Text("memo"));
        body.ThrowIfFaulty();
        var line = state.AddLine(customer.Id, type!, value!, memo, null, TimeSpan.Zero);
        return Answer.Json(200, w => RowJson.Line(w, line, "customerId", withActive: true));
    }

    private Answer EditLine(SimulatorRequest request, string id)
    {
        var line = Line(id);
        var body = BodyReader.Of(request);
        var change = ContactLineEndpoints.ReadChange(body);
        body.ThrowIfFaulty();
        change(line);
        state.Touch(line);
        return Answer.Json(200, w => RowJson.Line(w, line, "customerId", withActive: true));
    }

    private Answer RemoveLine(string id)
    {
        state.Remove(Line(id));
        return Answer.Empty(204);
    }

    private Answer Merge(SimulatorRequest request)
    {
        var body = BodyReader.Of(request);
        var (from, to) = (body.Integer("from", true), body.Integer("to", true));
        body.ThrowIfFaulty();
        if (from == to)
        {
            return ControlEndpoints.Problem(400, "A customer cannot be merged into itself.");
        }

        state.Merge(Customer(from), Customer(to));
        return Answer.Empty(204);
    }

    private Answer MergeLocations(SimulatorRequest request)
    {
        var body = BodyReader.Of(request);
        var (from, to) = (body.Integer("from", true), body.Integer("to", true));
        body.ThrowIfFaulty();
        if (from == to)
        {
            return ControlEndpoints.Problem(400, "A location cannot be merged into itself.");
        }

        state.Merge(Location(from), Location(to));
        return Answer.Empty(204);
    }

    private Answer AddTag(BodyReader body)
    {
        var (id, name) = (body.Integer("id"), body.Text("name", true));
        if (id is { } given && state.TagTypes.Has(given))
        {
            body.Fault("id", "A tag type with this id exists.");
        }

        body.ThrowIfFaulty();
        var tag = new TagType { Id = id ?? state.NextId(), Name = name!, CreatedOn = state.Now, ModifiedOn = state.Now };
        state.TagTypes.Add(tag, state.Now, TimeSpan.Zero);
        return Answer.Json(200, w => RowJson.Tag(w, tag));
    }

    private Customer Customer(long? id) => id is { } key && state.Customers.Find(key) is { } found ? found : throw ServiceTitanErrors.NotFound("Customer");

    private Location Location(long? id) => id is { } key && state.Locations.Find(key) is { } found ? found : throw ServiceTitanErrors.NotFound("Location");

    private ContactLine Line(string id) => CustomerEndpoints.ParseId(id) is { } key && state.CustomerContacts.Find(key) is { Active: true } found
        ? found : throw ServiceTitanErrors.NotFound("Contact");
}
