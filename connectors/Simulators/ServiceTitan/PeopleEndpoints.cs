using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/_people/…</c>: what people do in the vendor's own screens, merges included, which no API can do.</summary>
internal sealed class PeopleEndpoints(TenantState state)
{
    public Answer? Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["_people", "customers"]) => AddCustomers(request),
        ("PATCH", ["_people", "customers", var id]) => Edit(request, id),
        ("POST", ["_people", "customers", var id, "contacts"]) => AddLine(request, id),
        ("PATCH", ["_people", "contacts", var id]) => EditLine(request, id),
        ("DELETE", ["_people", "contacts", var id]) => RemoveLine(id),
        ("POST", ["_people", "merge"]) => Merge(request),
        ("POST", ["_people", "tag-types"]) => AddTag(request),
        _ => null,
    };

    private Answer AddCustomers(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var root)
            || (root.ValueKind is JsonValueKind.Array ? !root.EnumerateArray().All(e => e.ValueKind is JsonValueKind.Object) : root.ValueKind is not JsonValueKind.Object))
        {
            return ControlEndpoints.Problem(400, "One customer or a list of customers is expected.");
        }

        List<CustomerSeed> seeds = [];
        HashSet<long> taken = [];
        foreach (var element in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
        {
            var body = BodyReader.Of(element);
            seeds.Add(new CustomerSeed
            {
                Id = body.Integer("id"), Name = body.Text("name", true) ?? "", Type = body.OneOf("type", false, "Residential", "Commercial") ?? "Residential",
                Address = CustomerBody.ReadAddress(body, false) ?? Address.None, Contacts = CustomerBody.ReadContacts(body),
                TagTypeIds = body.Integers("tagTypeIds") ?? [], Active = body.Flag("active") ?? true, CreatedOn = body.Instant("createdOn"),
            });
            if (seeds[^1].Id is { } id && (state.Customers.Has(id) || !taken.Add(id)))
            {
                body.Fault("id", "A customer with this id exists.");
            }

            body.ThrowIfFaulty();
        }

        var made = seeds.Select(state.Add).ToList();
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("ids");
            made.ForEach(c => w.WriteNumberValue(c.Id));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private Answer Edit(SimulatorRequest request, string id)
    {
        var customer = Customer(CustomerEndpoints.ParseId(id));
        var body = BodyReader.Of(request);
        var (name, type, active) = (body.Text("name"), body.OneOf("type", false, "Residential", "Commercial"), body.Flag("active"));
        var (address, flags, balance) = (CustomerBody.ReadAddress(body, false), CustomerBody.ReadFlags(body), body.Decimal("balance"));
        var common = CustomerBody.ReadCommon(body);
        body.ThrowIfFaulty();
        customer.Name = name ?? customer.Name;
        customer.Type = type ?? customer.Type;
        customer.Active = active ?? customer.Active;
        customer.Address = address ?? customer.Address;
        customer.Balance = balance ?? customer.Balance;
        flags(customer);
        common(customer.CustomFields, t => customer.TagTypeIds = t, customer.ExternalData);
        state.Touch(customer);
        return Answer.Json(200, w => RowJson.Customer(w, customer, null));
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
        var change = ContactEndpoints.ReadChange(body);
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

    private Answer AddTag(SimulatorRequest request)
    {
        var body = BodyReader.Of(request);
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

    private ContactLine Line(string id) => CustomerEndpoints.ParseId(id) is { } key && state.CustomerContacts.Find(key) is { Active: true } found
        ? found : throw ServiceTitanErrors.NotFound("Contact");
}
