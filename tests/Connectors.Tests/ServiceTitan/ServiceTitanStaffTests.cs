using WorkflowEngine.Abstractions;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>Technicians, office employees and business units are written as far as ServiceTitan publishes it.</summary>
public sealed class ServiceTitanStaffTests : ServiceTitanTest
{
    protected override (string Name, string Value)[] More => [("applicationGuid", ApplicationGuid)];

    [Fact]
    public async Task A_technician_is_made_and_changed_and_its_home_goes_out_whole()
    {
        SetUp();
        var home = new Dictionary<string, object?> { ["street"] = "2214 Alder Ridge Rd", ["city"] = "Boise", ["state"] = "ID", ["zip"] = "83702" };
        var made = await WriteAsync("technician", WriteVerb.Create, null, [.. Technician(), ("home", home), ("dailyGoal", 1200.50m), ("businessUnitId", "9020"), ("login", "noa")]);
        Assert.True(made.Value!.Created, made.Error?.ToString());
        var id = made.Value.Id;
        Assert.True((await WriteAsync("technician", WriteVerb.Update, id, ("home.city", "Meridian"), ("positions", new List<object?> { "Sales" }), ("licenseType", "NonManagedTech"), ("accountLocked", true))).Succeeded);

        var technician = Assert.Single(await RowsAsync(Read("technician", Is("id", id))));
        Assert.Equal(("Noa Klein", "noa", "9020", 1200.50m, false, true), (technician["name"], technician["loginName"], technician["businessUnitId"], technician["dailyGoal"], technician["isManagedTech"], technician["accountLocked"]));
        Assert.Equal(["Sales"], (IReadOnlyList<object?>)technician["positions"]!);
        Assert.Equal(["7"], (IReadOnlyList<object?>)technician["roleIds"]!);
        var now = (IReadOnlyDictionary<string, object?>)technician["home"]!;
        Assert.Equal(("2214 Alder Ridge Rd", "Meridian", "ID", "83702"), (now["street"], now["city"], now["state"], now["zip"]));
    }

    [Fact]
    public async Task An_office_employee_is_made_and_changed()
    {
        SetUp();
        var made = await WriteAsync("employee", WriteVerb.Create, null, ("name", "Ola Berg"), ("email", "ola@example.com"), ("accountCreationMethod", "SendInvite"), ("roleId", "8"), ("positions", new List<object?> { "CSR", "Dispatcher" }), ("mobilePhoneNumber", "2085550100"));
        Assert.True(made.Value!.Created, made.Error?.ToString());
        Assert.True((await WriteAsync("employee", WriteVerb.Update, made.Value.Id, ("phoneNumber", "2085550101"), ("businessUnitId", "9020"))).Succeeded);
        var employee = Assert.Single(await RowsAsync(Read("employee", Is("email", "ola@example.com"))));
        Assert.Equal((made.Value.Id, "Ola Berg", "2085550101", "9020"), (employee["id"], employee["name"], employee["phoneNumber"], employee["businessUnitId"]));
    }

    [Fact]
    public async Task A_business_unit_takes_external_data_and_nothing_else()
    {
        SetUp();
        Assert.True((await WriteAsync("businessUnit", WriteVerb.Update, "9020", ("external.sfId", "a01"))).Succeeded);
        Assert.True((await WriteAsync("businessUnit", WriteVerb.Update, "9020", ("external.region", "north"))).Succeeded);
        var unit = Assert.Single(await RowsAsync(Read("businessUnit", Is("id", "9020"))));
        var external = (IReadOnlyDictionary<string, object?>)unit["external"]!;
        Assert.Equal(("a01", "north", "Plumbing Service"), (external["sfId"], external["region"], unit["name"]));
        Assert.False((await WriteAsync("businessUnit", WriteVerb.Create, null, ("name", "Roofing"))).Succeeded);
    }

    [Fact]
    public async Task What_does_not_exist_is_refused_by_its_name()
    {
        SetUp();
        var refused = await WriteAsync("technician", WriteVerb.Create, null, [.. Technician(), ("businessUnitId", "5")]);
        Assert.Equal(ErrorKind.Rejected, refused.Error?.Kind);
        Assert.Contains("businessUnitId", refused.Error!.Fields);
    }

    [Theory]
    [InlineData("technician")]
    [InlineData("employee")]
    public async Task An_account_is_put_to_rest_and_woken_again(string entity)
    {
        SetUp();
        var id = entity == "technician" ? "3044" : "501";
        var operation = entity == "technician" ? "technician.accountAction" : "employee.accountAction";
        (string, object?)[] license = entity == "technician" ? [("licenseType", "ManagedTechnician")] : [];
        Assert.Equal("Success", (await CallAsync(operation, ("id", id), ("action", "Deactivate"))).Value!["status"]);
        Assert.Empty(await RowsAsync(Read(entity, Is("id", id))));
        Assert.Equal(id, Assert.Single(await RowsAsync(Read(entity, new AllOf([Is("id", id), Is("active", false)]))))["id"]);
        Assert.Equal(id, (await CallAsync(operation, [("id", id), ("action", "Activate"), .. license])).Value!["id"]);
        Assert.Single(await RowsAsync(Read(entity, Is("id", id))));
        Assert.Equal(ErrorKind.Rejected, (await CallAsync(operation, ("id", "5"), ("action", "Deactivate"))).Error?.Kind);
    }

    private static (string Name, object? Value)[] Technician() =>
        [("name", "Noa Klein"), ("accountCreationMethod", "CreateLater"), ("roleId", "7"), ("positions", new List<object?> { "Service", "Installer" }), ("licenseType", "ManagedTech")];
}
