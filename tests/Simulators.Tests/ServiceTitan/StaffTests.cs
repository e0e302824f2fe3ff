using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class StaffTests
{
    private const string Technician = """ "name": "Noa Klein", "roleId": 7, "licenseType": "ManagedTech", """;

    [Theory]
    [InlineData("positions", """{ "accountCreationMethod": "CreateLater", "positions": [ "Astronaut" ] }""")]
    [InlineData("accountCreationMethod", """{ "positions": [ "Service" ] }""")]
    [InlineData("password", """{ "accountCreationMethod": "AssignLoginAndPassword", "login": "noa", "positions": [ "Service" ] }""")]
    [InlineData("home.street", """{ "accountCreationMethod": "CreateLater", "positions": [ "Service" ], "home": { "city": "Boise" } }""")]
    public async Task A_technician_that_lacks_or_names_what_is_none_is_refused_and_not_made(string member, string rest)
    {
        await using var st = await Start();
        var errors = (await st.Post($"{Settings}/technicians", "{" + Technician + rest.Trim()[1..])).Expect(400).Json.GetProperty("errors");
        Assert.True(errors.TryGetProperty(member, out _), errors.ToString());
        Assert.Empty(Ids(await st.Get($"{Settings}/technicians?active=Any")));
    }

    [Fact]
    public async Task An_account_that_is_put_to_rest_is_hidden_until_it_is_asked_for()
    {
        await using var st = await Start();
        var id = (await st.Post($"{Settings}/technicians", "{" + Technician + """ "accountCreationMethod": "CreateLater", "positions": [ "Service" ] }""")).Expect(200).Json.GetProperty("id").GetInt64();
        (await st.Post($"{Settings}/technicians/{id}/account-actions", """{ "action": "Deactivate" }""")).Expect(200);
        Assert.Empty(Ids(await st.Get($"{Settings}/technicians")));
        Assert.Equal([id], Ids(await st.Get($"{Settings}/technicians?active=Any")));
        (await st.Post($"{Settings}/technicians/{id}/account-actions", """{ "action": "Activate" }""")).Expect(400);
        (await st.Post($"{Settings}/technicians/{id}/account-actions", """{ "action": "Activate", "licenseType": "NonManagedTechnician" }""")).Expect(200);
        var technician = (await st.Get($"{Settings}/technicians/{id}")).Expect(200).Json;
        Assert.Equal((true, false), (technician.GetProperty("active").GetBoolean(), technician.GetProperty("isManagedTech").GetBoolean()));
    }
}
