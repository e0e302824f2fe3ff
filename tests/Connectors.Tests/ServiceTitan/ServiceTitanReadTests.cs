using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanReadTests : ServiceTitanTest
{
    [Fact]
    public async Task A_hundred_and_twenty_customers_are_read_by_ids_in_fifties()
    {
        var ids = Enumerable.Range(0, 120).Select(i => Id(new CustomerSeed { Name = $"Customer {i}" })).ToArray();
        await Connection.OpenAsync(Cancel);
        Simulator.Statistics.Clear();
        var answer = await Connection.ReadAsync(CustomersById([.. ids.Select(id => new[] { id })]), Cancel);
        Assert.Equal(3, answer.Calls);
        Assert.Equal(3, Simulator.Statistics.Calls["customers.list"]);
        Assert.Equal(ids, answer.Items.Select(i => Assert.Single(i.Value!.Rows)["id"]));
    }

    [Fact]
    public async Task Each_asker_gets_only_its_rows_and_an_unknown_id_finds_nothing()
    {
        var (one, two) = (Id(new CustomerSeed { Name = "One" }), Id(new CustomerSeed { Name = "Two" }));
        var answer = await Connection.ReadAsync(CustomersById([one], ["999999999"], [two, one], ["not a number"]), Cancel);
        Assert.Equal([1, 0, 2, 0], answer.Items.Select(i => i.Value!.Rows.Count));
        Assert.Equal("One", answer.Items[0].Value!.Rows[0]["name"]);
    }

    [Fact]
    public async Task Inactive_and_merged_customers_are_hidden_unless_asked_for()
    {
        var (loser, survivor) = (Add(new CustomerSeed { Name = "Loser" }), Add(new CustomerSeed { Name = "Survivor" }));
        Simulator.MergeCustomers(loser, survivor);
        var batch = CustomersById([Text(loser)]);
        Assert.Empty((await Connection.ReadAsync(batch, Cancel)).Items[0].Value!.Rows);
        var row = Assert.Single((await Connection.ReadAsync(batch with { IncludeInactive = true }, Cancel)).Items[0].Value!.Rows);
        Assert.Equal(Text(survivor), row["mergedToId"]);
        Assert.Equal(false, row["active"]);
        var named = Read("customer", new AllOf([Is("id", Text(loser)), Is("active", true, false)]));
        Assert.Single((await Connection.ReadAsync(named, Cancel)).Items[0].Value!.Rows);
    }

    [Fact]
    public async Task Values_are_typed_by_the_catalogue()
    {
        var id = Id(new CustomerSeed
        {
            Name = "Dana", TagTypeIds = [771], Address = new Address("1 Main", "B", "Boise", "ID", "08372", "USA", 43.5, -116.25),
            CreatedOn = new DateTimeOffset(2026, 4, 2, 15, 20, 11, TimeSpan.Zero).AddTicks(1833333),
        });
        var row = (await Connection.ReadAsync(CustomersById([id]), Cancel)).Items[0].Value!.Rows[0];
        Assert.Equal(id, Assert.IsType<string>(row["id"]));
        Assert.IsType<decimal>(row["balance"]);
        Assert.Equal(new DateTimeOffset(2026, 4, 2, 15, 20, 11, TimeSpan.Zero).AddTicks(1833333), row["createdOn"]);
        Assert.Equal(["771"], Assert.IsType<List<object?>>(row["tagTypeIds"]));
        var address = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(row["address"]);
        Assert.Equal("08372", address["zip"]);
        Assert.Equal(43.5, address["latitude"]);
    }

    [Fact]
    public async Task A_name_is_found_exactly_although_the_vendor_searches_loosely()
    {
        Add(new CustomerSeed { Name = "Acme Plumbing LLC" });
        var exact = Id(new CustomerSeed { Name = "Acme", Address = Address.None with { Zip = "83702" } });
        var rows = (await Connection.ReadAsync(Read("customer", new AllOf([Is("name", "ACME"), Is("address.zip", "83702")])), Cancel)).Items[0].Value!.Rows;
        Assert.Equal(exact, Assert.Single(rows)["id"]);
    }

    [Fact]
    public async Task A_list_longer_than_a_page_is_read_to_its_end_and_cut_only_at_the_row_cap()
    {
        for (var i = 0; i < 130; i++) Add(new CustomerSeed { Name = "Same Name" });
        var batch = Read("customer", Is("name", "Same Name")) with { RowCap = 60 };
        var capped = (await Connection.ReadAsync(batch, Cancel)).Items[0].Value!;
        Assert.Equal((60, true), (capped.Rows.Count, capped.More));
        var all = (await Connection.ReadAsync(batch with { RowCap = 200, OrderBy = [new OrderTerm("name", false), new OrderTerm("id", true)] }, Cancel)).Items[0].Value!;
        Assert.Equal((130, false), (all.Rows.Count, all.More));
        Assert.Equal(all.Rows.Select(r => r["id"]).OrderByDescending(id => long.Parse((string)id!, CultureInfo.InvariantCulture)), all.Rows.Select(r => r["id"]));
    }

    [Fact]
    public async Task Contact_lines_of_many_customers_take_one_call()
    {
        var ids = Enumerable.Range(0, 30).Select(i => Id(new CustomerSeed { Name = $"C{i}", Contacts = [new("Email", $"c{i}@example.com"), new("MobilePhone", "(208) 555-0100")] })).ToArray();
        await Connection.OpenAsync(Cancel);
        Simulator.Statistics.Clear();
        var answer = await Connection.ReadAsync(Read("customerContact", [.. ids.Select(id => Is("customerId", id))]), Cancel);
        Assert.Equal(1, Simulator.Statistics.Total);
        Assert.All(answer.Items, i => Assert.Equal(2, i.Value!.Rows.Count));
        Assert.Equal("c7@example.com", answer.Items[7].Value!.Rows.Single(r => r["type"] is "Email")["value"]);
        Assert.Equal(ids[7], answer.Items[7].Value!.Rows[0]["customerId"]);
    }

    [Fact]
    public async Task Where_the_path_for_many_customers_is_not_published_each_is_asked_and_the_connection_remembers()
    {
        var ids = Enumerable.Range(0, 3).Select(i => Id(new CustomerSeed { Name = $"C{i}", Contacts = [new("Email", $"c{i}@example.com")] })).ToArray();
        Simulator.Faults.Add(new FaultRule { Kind = FaultKind.Malformed, Path = "*/customers/contacts", Status = 404, Body = """{"statusCode":404,"message":"Unable to match incoming request to an operation."}""" });
        var batch = Read("customerContact", [.. ids.Select(id => Is("customerId", id))]);
        var first = await Connection.ReadAsync(batch, Cancel);
        Assert.Equal(4, first.Calls);
        Assert.All(first.Items, i => Assert.Single(i.Value!.Rows));
        Assert.Equal(ids[1], first.Items[1].Value!.Rows[0]["customerId"]);
        Assert.Equal(3, (await Connection.ReadAsync(batch, Cancel)).Calls);
    }

    [Fact]
    public async Task An_inactive_customer_has_no_contact_lines_rather_than_an_error()
    {
        var id = Add(new CustomerSeed { Name = "Gone", Contacts = [new("Email", "gone@example.com")] });
        Simulator.EditCustomer(id, active: false);
        Replace("*/customers/contacts", "", 404);
        var answer = await Connection.ReadAsync(Read("customerContact", Is("customerId", Text(id))), Cancel);
        Assert.Empty(answer.Items[0].Value!.Rows);
    }

    [Fact]
    public async Task Tags_are_read_as_one_list_and_kept()
    {
        Simulator.AddTagType(771, "VIP");
        Simulator.AddTagType(772, "Cash only");
        await Connection.OpenAsync(Cancel);
        Simulator.Statistics.Clear();
        var answer = await Connection.ReadAsync(Read("tagType", Is("id", "772", "771"), Is("id", "771")), Cancel);
        Assert.Equal([2, 1], answer.Items.Select(i => i.Value!.Rows.Count));
        await Connection.ReadAsync(Read("tagType", Is("id", "771")), Cancel);
        Assert.Equal(1, Simulator.Statistics.Total);
        Simulator.AddTagType(773, "New");
        Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Single((await Connection.ReadAsync(Read("tagType", Is("id", "773")), Cancel)).Items[0].Value!.Rows);
    }

    [Fact]
    public async Task Locations_are_found_by_their_customer()
    {
        var created = await Connection.WriteAsync(NewCustomer("Sean"), Cancel);
        var customer = created.Items[0].Value!.Id;
        var rows = (await Connection.ReadAsync(Read("location", new AllOf([Is("customerId", customer), new FieldCondition("mergedToId", Comparison.IsNull, [])])), Cancel)).Items[0].Value!.Rows;
        Assert.Equal(customer, Assert.Single(rows)["customerId"]);
    }

    [Fact]
    public async Task A_filter_that_the_vendor_ignores_is_noticed()
    {
        var asked = Id(new CustomerSeed { Name = "Asked for" });
        // A server that answers something else, as ServiceTitan does for a parameter it does not know.
        Replace("*/customers", """{"page":1,"pageSize":50,"hasMore":false,"data":[{"id":1,"name":"Somebody else"}]}""");
        var error = (await Connection.ReadAsync(CustomersById([asked]), Cancel)).Items[0].Error;
        Assert.Equal((ErrorKind.Misconfigured, "ignoredFilter"), (error!.Kind, error.Code));
    }

    [Fact]
    public async Task A_shared_call_that_is_refused_is_charged_to_nobody_and_a_lone_asker_hears_the_words()
    {
        Simulator.Faults.Add(new FaultRule { Kind = FaultKind.VendorError, Path = "*/customers", Status = 400, Code = "ids", Message = "The value is not valid for Ids." });
        var shared = await Connection.ReadAsync(CustomersById(["1"], ["2"]), Cancel);
        Assert.Equal(ErrorKind.BatchScoped, shared.CallError?.Kind);
        Assert.Empty(shared.Items);
        var alone = (await Connection.ReadAsync(CustomersById(["1"]), Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Rejected, alone.Kind);
        Assert.Contains("not valid for Ids", alone.Message, StringComparison.Ordinal);
        Assert.Equal(["ids"], alone.Fields);
    }

    [Fact]
    public async Task A_missing_scope_is_misconfigured()
    {
        Simulator.Faults.Add(new FaultRule { Kind = FaultKind.VendorError, Path = "*/customers", Status = 403, Message = "Scope validation failed" });
        var error = (await Connection.ReadAsync(CustomersById(["1"]), Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Misconfigured, error.Kind);
        Assert.Contains("Scope validation failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_is_found_by_a_phone_number_however_it_is_written()
    {
        var dana = Id(new CustomerSeed { Name = "Dana", Contacts = [new("MobilePhone", "(208) 555-0199"), new("Email", "dana@example.com")] });
        Add(new CustomerSeed { Name = "Other", Contacts = [new("Phone", "208-555-0198")] });
        var row = Assert.Single((await Connection.ReadAsync(Read("customer", Is("contacts.value", "+1 208 555 0199")), Cancel)).Items[0].Value!.Rows);
        Assert.Equal(dana, row["id"]);
        Assert.Equal(2, Assert.IsAssignableFrom<IReadOnlyList<object?>>(row["contacts"]).Count);
    }

    [Fact]
    public async Task Customers_are_found_by_an_email_address_and_each_asker_gets_its_own()
    {
        var (a, b) = (Id(new CustomerSeed { Name = "A", Contacts = [new("Email", "Family@example.com")] }), Id(new CustomerSeed { Name = "B", Contacts = [new("Email", "family@example.com")], Address = Address.None with { Zip = "83702" } }));
        Add(new CustomerSeed { Name = "Gone", Contacts = [new("Email", "family@example.com")], Active = false });
        var answer = await Connection.ReadAsync(Read("customer", Is("contacts.value", "family@example.com"), Is("contacts.value", "nobody@example.com")), Cancel);
        Assert.Equal([a, b], answer.Items[0].Value!.Rows.Select(r => (string)r["id"]!).Order());
        Assert.Empty(answer.Items[1].Value!.Rows);
        var narrowed = Read("customer", new AllOf([Is("contacts.value", "family@example.com"), Is("address.zip", "83702")]));
        Assert.Equal(b, Assert.Single((await Connection.ReadAsync(narrowed, Cancel)).Items[0].Value!.Rows)["id"]);
    }

    [Fact]
    public async Task Children_are_given_only_together_with_what_they_belong_to()
    {
        var error = (await Connection.ReadAsync(Read("customerContact", Is("id", "1")), Cancel)).Items[0].Error!;
        Assert.Equal(("onlyBelow", "ServiceTitan gives customerContact only together with what it belongs to: ask for it by customerId."), (error.Code, error.Message));
    }

    [Fact]
    public async Task What_has_no_code_says_so()
    {
        var either = (await Connection.ReadAsync(Read("customer", new AnyOf([Is("contacts.value", "a@example.com"), Is("name", "A")])), Cancel)).Items[0].Error!;
        var call = (await Connection.CallAsync(new CallBatch { Operation = "job.explode", Items = [new Dictionary<string, object?>()] }, Cancel)).Items[0].Error!;
        var delete = await Connection.WriteAsync(new WriteBatch { Entity = "job", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = "1", Fields = new Dictionary<string, object?>() }] }, Cancel);
        Assert.All(new[] { either, call, delete.Items[0].Error! }, e => Assert.Equal((ErrorKind.Misconfigured, "notSupportedYet"), (e.Kind, e.Code)));
    }
}
