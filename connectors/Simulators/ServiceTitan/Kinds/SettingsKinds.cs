namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>People, units and campaigns: what jobs refer to.</summary>
internal static class SettingsKinds
{
    private const string Dates = " createdOnOrAfter>=createdOn createdBefore<createdOn modifiedOnOrAfter>=modifiedOn modifiedBefore<modifiedOn";

    public static readonly RecordKind Technicians = new("technicians", "settings", "technicians", "Technician", Shape.Of("""
        id:id, userId:id, name:text, roleIds:[id]?, businessUnitId:id?, mainZoneId:id?, zoneIds:[id]?, createdOn:time, modifiedOn:time, email:text?, phoneNumber:text?, loginName:text?,
        home:{street:text?, unit:text?, country:text?, city:text?, state:text?, zip:text?, streetAddress:text?, latitude:real?, longitude:real?}?, dailyGoal:decimal, isManagedTech:flag,
        licenseType:text(NonManagedTech|ManagedTech|ManagedInstaller)?, customFields:custom, active:flag, aadUserId:text?, burdenRate:decimal, team:text?, accountLocked:flag?, commissionRate:decimal,
        currentValue:decimal?, firstName:text?, lastName:text?, hourlyRate:decimal, jobId:id?, mobilePhone:text?, outboundCallerId:text?, payrollId:text?, payrollProfileId:id?, appoitmentId:id?,
        shiftStart:text?, shiftEnd:text?, soldByRate:decimal, startDate:time?, status:text(Idle|Dispatched|Working|Meal), skills:[{id:id, name:text?}]?, positions:[text]?,
        location:{latitude:real?, longitude:real?, coordinatesUpdatedOn:time?}?, bio:text?, memo:text?, jobFilter:text?
        """))
    {
        Get = true,
        Feed = "technicians",
        Active = "active",
        Sort = [],
        Filters = ListFilter.Of("ids,id userIds,userId name~name" + Dates),
        Own = ["userId"],
        Derived = new Dictionary<string, Func<TenantState, Record, object?>> { ["userId"] = (_, t) => t["userId"] ?? t.Id },
    };

    public static readonly RecordKind Employees = new("employees", "settings", "employees", "Employee", Shape.Of("""
        id:id, userId:id, name:text, firstName:text?, lastName:text?, managerId:id?, role:text=GeneralOffice, roleIds:[id]?, businessUnitId:id?, createdOn:time, modifiedOn:time, email:text?,
        phoneNumber:text?, loginName:text?, active:flag, aadUserId:text?, accountLocked:flag?, home:{street:text?, unit:text?, country:text?, city:text?, state:text?, zip:text?}?, agentId:int,
        startDate:time?, terminationDate:time?, hourlyRate:decimal, overtimeProfileId:id?, customFields:custom
        """))
    {
        Get = true,
        Feed = "employees",
        Active = "active",
        Sort = [],
        Filters = ListFilter.Of("ids,id userIds,userId name~name email=" + Dates),
        Own = ["userId"],
        Derived = new Dictionary<string, Func<TenantState, Record, object?>> { ["userId"] = (_, e) => e["userId"] ?? e.Id },
    };

    public static readonly RecordKind BusinessUnits = new("businessUnits", "settings", "business-units", "Business unit", Shape.Of("""
        id:id, active:flag, name:text, officialName:text?, email:text?, currency:text?, phoneNumber:text?, invoiceHeader:text?, invoiceMessage:text?, defaultTaxRate:decimal?,
        authorizationParagraph:text?, acknowledgementParagraph:text?, address:{street:text?, unit:text?, city:text?, state:text?, zip:text?, country:text?, latitude:real?, longitude:real?,
        isManualCoordinates:flag, isMilitary:flag}?, materialSku:text?, quickbooksClass:text?, accountCode:text?, franchiseId:text?, conceptCode:text?, corporateContractNumber:text?,
        trade:{id:id, name:text}?, division:{id:id, name:text}?, tagTypeIds:[id]?, createdOn:time, modifiedOn:time, externalData:external
        """))
    {
        Get = true,
        Feed = "business-units",
        Active = "active",
        Sort = [],
        Filters = ListFilter.Of("ids,id name~name" + Dates),
    };

    public static readonly RecordKind Campaigns = new("campaigns", "marketing", "campaigns", "Campaign", Shape.Of("""
        id:id, name:text, modifiedOn:time, createdOn:time, active:flag, isDefaultCampaign:flag?, category:{id:id, name:text, active:flag}?, source:text?, otherSource:text?, businessUnit:text?,
        medium:text?, otherMedium:text?, campaignPhoneNumbers:[text]?
        """))
    {
        Get = true,
        Active = "active",
        Sort = ["id", "name", "createdOn", "modifiedOn"],
        Inner = Shape.Of("businessUnitId:id, categoryId:id"),
        Filters = ListFilter.Of("ids,id name~name campaignPhoneNumber=campaignPhoneNumbers" + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["category"] = (s, c) => s.Find("campaignCategories", c.Number("categoryId") ?? 0) is { } category ? new Dictionary<string, object?> { ["id"] = category.Id, ["name"] = category["name"], ["active"] = category.Active } : null,
            ["businessUnit"] = (s, c) => s.Find("businessUnits", c.Number("businessUnitId") ?? 0)?["name"],
        },
    };

    public static readonly RecordKind CampaignCategories = new("campaignCategories", "marketing", "categories", "Category", Shape.Of(
        "id:id, name:text, active:flag, type:text(Regular|GoogleHomeServices), createdOn:time, modifiedOn:time"))
    {
        Get = true,
        Filters = ListFilter.Of(Dates),
    };

    /// <summary>The types of custom fields; <c>owner</c> says of which kind of record.</summary>
    public static readonly RecordKind CustomFieldTypes = new("customFieldTypes", "crm", "custom-fields", "Custom field", Shape.Of(
        "id:id, name:text, dataType:text(Text|Dropdown|Numeric), dataTypeOptions:[text]?, createdOn:time, modifiedOn:time"))
    {
        Listed = false,
        Inner = Shape.Of("owner:text(customers|locations|jobs|memberships|invoices|payments)"),
        Filters = ListFilter.Of(Dates),
    };
}
