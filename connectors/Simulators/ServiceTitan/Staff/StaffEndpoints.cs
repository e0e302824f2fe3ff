using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of technicians, office employees and business units. They answer the id alone; what is done to an account answers its success.</summary>
internal sealed class StaffEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers)
{
    private const string Jobs = "AllScheduledDispatchedWorking|NextScheduledDispatchedWorking|DispatchedWorking|NextScheduledDispatchedWorkingToday|AllScheduledDispatchedWorkingToday|AllScheduledDispatchedWorkingFiveDays|NextScheduledDispatchedWorkingTodayTomorrow|AllScheduledDispatchedWorkingTodayTomorrow|Next2ScheduledDispatchedWorkingToday";
    private const string TechnicianRest = $$"""
        phoneNumber:text?, businessUnitId:id>businessUnits?, aadUserId:text?, team:text?, dailyGoal:decimal?, burdenRate:decimal?, bio:text?, memo:text?, jobFilter:text({{Jobs}})?,
        jobHistoryDateFilter:text(AllJobs|LastThreeDays|LastSevenDays|LastMonth)?, home:{unit:text?, street!:text, city!:text, state:text?, country:text?, zip:text?, latitude:real?, longitude:real?}?
        """;

    private const string TechnicianPositions = "[text(Installer|Service|Sales|Maintenance|Helper|InstallProductionManager|ServiceManager|SalesManager|PartRunner|DummyTech)]";
    private const string EmployeePositions = "[text(CSR|Dispatcher|CsrManager|DispatchManager|InstallProductionManager|ServiceManager|SalesManager|MarketingManager|Administrator|PayrollManager|Bookkeeper|PurchasingManager|WarehouseManager|OfficeManager|GeneralManager|BusinessOwner|AnsweringService|InsideSales|GeneralOfficeNonManagement)]";
    private const string Licenses = "text(NonManagedTech|ManagedTech|ManagedInstaller)";
    private const string Account = "accountCreationMethod!:text(CreateLater|SendInvite|AssignLoginAndPassword), login:text?, password:text?, roleId!:id";

    private static readonly IReadOnlyList<Member> NewTechnician = Shape.Of($"name!:text, email:text?, positions!:{TechnicianPositions}, licenseType!:{Licenses}, {Account}, {TechnicianRest}");
    private static readonly IReadOnlyList<Member> TechnicianChange = Shape.Of($"name:text, email:text, positions:{TechnicianPositions}, licenseType:{Licenses}, login:text, roleId:id, accountLocked:flag, {TechnicianRest}");
    private static readonly IReadOnlyList<Member> NewEmployee = Shape.Of($"name!:text, email!:text, positions!:{EmployeePositions}, mobilePhoneNumber:text?, phoneNumber:text?, businessUnitId:id>businessUnits?, aadUserId:text?, {Account}");
    private static readonly IReadOnlyList<Member> EmployeeChange = Shape.Of($"name:text, email:text, positions:{EmployeePositions}, mobilePhoneNumber:text, phoneNumber:text, businessUnitId:id>businessUnits?, aadUserId:text, login:text, roleId:id, accountLocked:flag");

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["technicians"]) => Create(request, SettingsKinds.Technicians, NewTechnician),
        ("PATCH", ["technicians", var id]) => Update(request, SettingsKinds.Technicians, TechnicianChange, id),
        ("POST", ["technicians", var id, "account-actions"]) => Act(request, SettingsKinds.Technicians, id),
        ("POST", ["employees"]) => Create(request, SettingsKinds.Employees, NewEmployee),
        ("PATCH", ["employees", var id]) => Update(request, SettingsKinds.Employees, EmployeeChange, id),
        ("POST", ["employees", var id, "account-actions"]) => Act(request, SettingsKinds.Employees, id),
        ("PATCH", ["business-units", var id]) => Note(request, id),
        _ => null,
    };

    private Answer Create(SimulatorRequest request, RecordKind kind, IReadOnlyList<Member> members)
    {
        request.Kind = $"{kind.Name}.create";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, members);
        if (values.GetValueOrDefault("accountCreationMethod") is "AssignLoginAndPassword")
        {
            body.Text("login", required: true);
            body.Text("password", required: true);
        }

        body.ThrowIfFaulty();
        var record = state.Add(kind, Shown(kind, values), customers.Lateness(request));
        statistics.CountRow($"{kind.Name}.created");
        request.Rows = 1;
        return Modified(record);
    }

    private Answer Update(SimulatorRequest request, RecordKind kind, IReadOnlyList<Member> members, string id)
    {
        request.Kind = $"{kind.Name}.update";
        var record = records.Existing(kind, id);
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, members);
        body.ThrowIfFaulty();
        state.Change(record, Shown(kind, values));
        request.Rows = 1;
        return Modified(record);
    }

    /// <summary>A business unit takes external data only.</summary>
    private Answer Note(SimulatorRequest request, string id)
    {
        request.Kind = "businessUnits.update";
        var record = records.Existing(SettingsKinds.BusinessUnits, id);
        var body = BodyReader.Of(request);
        var apply = CustomerBody.ReadCommon(body);
        body.ThrowIfFaulty();
        apply(record.CustomFields, _ => { }, record.ExternalData);
        state.Touch(record);
        request.Rows = 1;
        return Modified(record);
    }

    private Answer Act(SimulatorRequest request, RecordKind kind, string id)
    {
        request.Kind = $"{kind.Name}.accountAction";
        var technicians = kind == SettingsKinds.Technicians;
        var body = BodyReader.Of(request);
        var action = body.OneOf("action", required: true, "Activate", "Deactivate", "SendInvite", "SendPasswordResetLink");
        var license = technicians ? body.OneOf("licenseType", required: action == "Activate", "NonManagedTechnician", "ManagedTechnician", "ManagedInstaller") : null;
        // These paths publish no 404.
        var record = CustomerEndpoints.ParseId(id) is { } key ? state.Find(kind.Name, key) : null;
        if (record is null)
        {
            body.Fault("id", $"{kind.Title} {id} does not exist.");
        }

        body.ThrowIfFaulty();
        if (action is "Activate" or "Deactivate")
        {
            var change = new Dictionary<string, object?> { ["active"] = action == "Activate" };
            if (license is not null)
            {
                change["licenseType"] = license.Replace("Technician", "Tech", StringComparison.Ordinal);
            }

            state.Change(record!, Shown(kind, change));
        }

        request.Rows = 1;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteString("status", "Success");
            w.WriteEndObject();
        });
    }

    /// <summary>The same under the names that answers use; passwords are forgotten.</summary>
    private static Dictionary<string, object?> Shown(RecordKind kind, Dictionary<string, object?> given)
    {
        var shown = new Dictionary<string, object?>();
        foreach (var (name, value) in given)
        {
            switch (name)
            {
                case "password" or "accountCreationMethod" or "jobHistoryDateFilter":
                    break;
                case "login":
                    shown["loginName"] = value;
                    break;
                case "roleId":
                    shown["roleIds"] = new List<object?> { value };
                    break;
                case "licenseType":
                    (shown["licenseType"], shown["isManagedTech"]) = (value, value is not "NonManagedTech");
                    break;
                default:
                    if (name == "active" || kind.Members.Any(m => m.Name == name))
                    {
                        shown[name] = value;
                    }

                    break;
            }
        }

        return shown;
    }

    private static Answer Modified(Record record) => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", record.Id);
        w.WriteEndObject();
    });
}
