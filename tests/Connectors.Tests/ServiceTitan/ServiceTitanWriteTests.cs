using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanWriteTests : ServiceTitanTest
{
    protected override (string Name, string Value)[] More => [("applicationGuid", ApplicationGuid)];

    [Fact]
    public async Task A_created_customer_is_found_by_its_external_key()
    {
        var created = (await Connection.WriteAsync(NewCustomer("Dana", ("external.sfAccountId", "001Hs00003AbCdE"), ("contacts", Lines(("Email", "dana@example.com")))), Cancel)).Items[0];
        Assert.Null(created.Error);
        Assert.True(created.Value!.Created);
        var found = (await Connection.ReadAsync(Read("customer", Is("external.sfAccountId", "001Hs00003AbCdE"), Is("external.sfAccountId", "other")), Cancel)).Items;
        Assert.Equal(created.Value.Id, Assert.Single(found[0].Value!.Rows)["id"]);
        Assert.Empty(found[1].Value!.Rows);
        var lines = (await Connection.ReadAsync(Read("customerContact", Is("customerId", created.Value.Id)), Cancel)).Items[0].Value!.Rows;
        Assert.Equal("dana@example.com", Assert.Single(lines)["value"]);
    }

    [Fact]
    public async Task An_external_value_with_a_comma_and_a_percent_sign_is_found_again()
    {
        const string Place = "001A/12 Main St, Apt 4, 100%25/83702";
        var created = (await Connection.WriteAsync(NewCustomer("Dana", ("external.sfPlace", Place)), Cancel)).Items[0].Value!;
        var row = Assert.Single((await Connection.ReadAsync(Read("customer", Is("external.sfPlace", Place)), Cancel)).Items[0].Value!.Rows);
        Assert.Equal(created.Id, row["id"]);
        Assert.Equal(Place, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(row["external"])["sfPlace"]);
    }

    [Fact]
    public async Task A_changed_zip_keeps_the_rest_of_the_address()
    {
        var id = Id(new CustomerSeed { Name = "Dana", Address = new Address("1 Main", null, "Boise", "ID", "83701", "USA", 43.5, -116.25) });
        var updated = (await UpdateAsync(id, ("address.zip", "83702"))).Value!;
        Assert.False(updated.Created);
        var address = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(updated.Record!["address"]);
        Assert.Equal(("1 Main", "83702", 43.5), (address["street"], address["zip"], address["latitude"]));
    }

    [Fact]
    public async Task An_external_key_is_added_without_removing_others_and_null_removes_it()
    {
        var id = (await Connection.WriteAsync(NewCustomer("Dana", ("external.a", "1")), Cancel)).Items[0].Value!.Id;
        await UpdateAsync(id, ("external.b", "2"));
        Assert.Equal(["a", "b"], (await ExternalAsync(id)).Keys.Order());
        await UpdateAsync(id, ("external.a", null));
        Assert.Equal(["b"], (await ExternalAsync(id)).Keys);
    }

    [Fact]
    public async Task A_refused_body_is_rejected_with_the_vendors_words_and_fields()
    {
        var batch = NewCustomer("Dana", ("locations", new List<object?>()));
        var error = (await Connection.WriteAsync(batch, Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Rejected, error.Kind);
        Assert.Contains("location", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["locations"], error.Fields);
        Assert.True(error.NotExecuted);
    }

    [Fact]
    public async Task One_refused_row_leaves_the_others_alone()
    {
        var good = NewCustomer("Good");
        var batch = good with { Items = [good.Items[0], NewCustomer("No such tag", ("tagTypeIds", new List<object?> { "99" })).Items[0], good.Items[0]] };
        var items = (await Connection.WriteAsync(batch, Cancel)).Items;
        Assert.Equal([null, ErrorKind.Rejected, null], items.Select(i => i.Error?.Kind));
    }

    [Fact]
    public async Task A_customer_that_is_gone_is_rejected()
    {
        var error = (await UpdateAsync("999999", ("name", "Nobody"))).Error!;
        Assert.Equal((ErrorKind.Rejected, "404"), (error.Kind, error.Code));
    }

    [Fact]
    public async Task Values_that_cannot_be_sent_are_rejected_before_a_call()
    {
        await Connection.OpenAsync(Cancel);
        var before = Simulator.Statistics.Total;
        Assert.Equal(ErrorKind.Rejected, (await UpdateAsync("12/../34", ("name", "x"))).Error?.Kind);
        Assert.Equal(ErrorKind.Rejected, (await UpdateAsync("12", ("paymentTermId", "not a number"))).Error?.Kind);
        Assert.Equal(ErrorKind.Rejected, (await UpdateAsync("12", ("paymentTermId", new ParentReference("customer", "external.x", "y")))).Error?.Kind);
        Assert.Equal(before, Simulator.Statistics.Total);
    }

    [Fact]
    public async Task Without_an_application_guid_external_data_is_misconfigured()
    {
        await using var connection = Connect();
        var error = (await connection.WriteAsync(NewCustomer("Dana", ("external.a", "1")), Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Misconfigured, error.Kind);
        var read = (await connection.ReadAsync(Read("customer", Is("external.a", "1")), Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Misconfigured, read.Kind);
    }

    [Fact]
    public async Task A_contact_line_is_added_to_its_customer()
    {
        var id = Id(new CustomerSeed { Name = "Dana" });
        var batch = new WriteBatch { Entity = "customerContact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["customerId"] = id, ["type"] = "Email", ["value"] = "d@example.com" } }] };
        var created = (await Connection.WriteAsync(batch, Cancel)).Items[0].Value!;
        Assert.Equal(id, created.Record!["customerId"]);
        Assert.Single((await Connection.ReadAsync(Read("customerContact", Is("customerId", id)), Cancel)).Items[0].Value!.Rows);
    }

    [Fact]
    public async Task A_contact_line_is_changed_and_removed_at_its_customer()
    {
        var id = Id(new CustomerSeed { Name = "Dana", Contacts = [new("Email", "d@example.com")] });
        var line = (string)Assert.Single(await RowsAsync(Read("customerContact", Is("customerId", id))))["id"]!;
        Assert.Null((await WriteAsync("customerContact", WriteVerb.Update, line, ("customerId", id), ("value", "dana@example.com"))).Error);
        Assert.Equal("dana@example.com", Assert.Single(await RowsAsync(Read("customerContact", Is("customerId", id))))["value"]);
        Assert.Equal(ErrorKind.Rejected, (await WriteAsync("customerContact", WriteVerb.Update, line, ("value", "x@example.com"))).Error?.Kind);
        Assert.Null((await CallAsync("customerContact.remove", ("id", line), ("customerId", id))).Error);
        Assert.Empty(await RowsAsync(Read("customerContact", Is("customerId", id))));
    }

    [Theory]
    [InlineData("customer", "customers")]
    [InlineData("location", "locations")]
    public async Task A_custom_field_of_a_customer_or_place_is_written_by_its_name_and_leaves_the_others(string entity, string owner)
    {
        Put("customFieldTypes", 1, ("name", "Gate code"), ("owner", owner));
        Put("customFieldTypes", 2, ("name", "Source"), ("owner", owner));
        var customer = Id(new CustomerSeed { Name = "Dana" });
        var id = entity == "customer" ? customer : (string)Assert.Single(await RowsAsync(Read("location", Is("customerId", customer))))["id"]!;
        Assert.Null((await WriteAsync(entity, WriteVerb.Update, id, ("custom.Gate code", "4711"))).Error);
        Assert.Null((await WriteAsync(entity, WriteVerb.Update, id, ("custom.Source", "Web"))).Error);
        Assert.Null((await WriteAsync(entity, WriteVerb.Update, id, ("custom.Gate code", null))).Error);
        var custom = (IReadOnlyDictionary<string, object?>)Assert.Single(await RowsAsync(Read(entity, Is("id", id))))["custom"]!;
        Assert.Equal([("Source", (object?)"Web")], custom.Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public async Task A_created_customer_survives_as_itself()
    {
        var created = (await Connection.WriteAsync(NewCustomer("Dana"), Cancel)).Items[0].Value!;
        Assert.Equal(created.Id, created.Record!["survivorId"]);
    }

    [Fact]
    public async Task A_tag_is_made_and_its_answer_is_only_an_id()
    {
        var made = (await WriteAsync("tagType", WriteVerb.Create, null, ("name", "VIP"), ("color", "#aa0000"))).Value!;
        Assert.Null(made.Record);
        Assert.Null((await WriteAsync("tagType", WriteVerb.Update, made.Id, ("name", "Very important"))).Error);
        Assert.Equal(made.Id, Assert.Single(await RowsAsync(Read("tagType", Is("name", "Very important"))))["id"]);
    }

    private static List<object?> Lines(params (string Type, string Value)[] lines) => [.. lines.Select(l => new Dictionary<string, object?> { ["type"] = l.Type, ["value"] = l.Value })];

    private async Task<Outcome<WriteResult>> UpdateAsync(string id, params (string Name, object? Value)[] fields) =>
        (await Connection.WriteAsync(new WriteBatch { Entity = "customer", Verb = WriteVerb.Update, Items = [new WriteItem { Id = id, Fields = fields.ToDictionary(f => f.Name, f => f.Value) }] }, Cancel)).Items[0];

    private async Task<IReadOnlyDictionary<string, object?>> ExternalAsync(string id) =>
        Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>((await Connection.ReadAsync(CustomersById([id]), Cancel)).Items[0].Value!.Rows[0]["external"]);
}
