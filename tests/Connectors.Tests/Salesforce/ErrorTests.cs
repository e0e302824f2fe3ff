using System.Net;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soap;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("DUPLICATE_VALUE", "duplicate value found: ServiceTitan_Customer_Id__c duplicates value on record with id: 0015e000000DanaAAA", ErrorKind.Conflict)]
    [InlineData("DUPLICATES_DETECTED", "Use one of these records?", ErrorKind.Conflict)]
    [InlineData("DUPLICATE_EXTERNAL_ID", "External id matches several", ErrorKind.Conflict)]
    [InlineData("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", ErrorKind.Transient)]
    [InlineData("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trigger: execution of AfterUpdate caused by: UNABLE_TO_LOCK_ROW, unable to obtain", ErrorKind.Transient)]
    [InlineData("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trigger: null pointer", ErrorKind.Rejected)]
    [InlineData("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", ErrorKind.Quota)]
    [InlineData("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.", ErrorKind.RateLimited)]
    [InlineData("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", ErrorKind.Quota)]
    [InlineData("INVALID_FIELD", "No such column 'Tier__c' on sobject of type Contact", ErrorKind.Misconfigured)]
    [InlineData("INVALID_TYPE", "sObject type 'Thing__c' is not supported.", ErrorKind.Misconfigured)]
    [InlineData("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Tier__c. Please check the security settings of this field", ErrorKind.Misconfigured)]
    [InlineData("INVALID_FIELD_FOR_INSERT_UPDATE", "field integrity: parent cannot be changed", ErrorKind.Rejected)]
    [InlineData("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", ErrorKind.Rejected)]
    [InlineData("ENTITY_IS_DELETED", "entity is deleted", ErrorKind.Rejected)]
    [InlineData("INACTIVE_OWNER_OR_USER", "operation performed with inactive user", ErrorKind.Rejected)]
    [InlineData("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Zip codes have five digits.", ErrorKind.Rejected)]
    [InlineData("INVALID_SESSION_ID", "Session expired or invalid", ErrorKind.Authentication)]
    [InlineData("SOMETHING_NEW", "words", ErrorKind.Rejected)]
    public void A_rows_code_says_what_the_engine_does_next(string code, string message, ErrorKind kind)
    {
        var error = SalesforceErrors.OfErrors([new VendorError(code, message)]);
        Assert.Equal(kind, error.Kind);
        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
        Assert.True(error.NotExecuted);
    }

    [Fact]
    public void A_duplicate_names_its_field_and_the_record_that_has_the_value()
    {
        var error = SalesforceErrors.OfErrors([new VendorError("DUPLICATE_VALUE", "duplicate value found: ServiceTitan_Job_Id__c duplicates value on record with id: 006R0000003FPYx")]);
        Assert.Equal(["ServiceTitan_Job_Id__c"], error.Fields);
        Assert.Equal(["006R0000003FPYxIAO"], error.RecordIds);
    }

    [Fact]
    public void A_parent_that_has_not_come_yet_is_no_missing_field()
    {
        var error = SalesforceErrors.OfErrors([new VendorError("INVALID_FIELD", "Foreign key external ID: 48211 not found for field ServiceTitan_Customer_Id__c in entity Account")]);
        Assert.Equal((ErrorKind.Rejected, SalesforceErrors.ParentNotFound), (error.Kind, error.Code));
    }

    [Fact]
    public void Several_errors_of_a_row_are_told_together_under_the_weightiest_kind()
    {
        var error = SalesforceErrors.OfErrors([new VendorError("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"), new VendorError("INVALID_FIELD", "No such column 'Tier__c' on sobject of type Contact")]);
        Assert.Equal(ErrorKind.Misconfigured, error.Kind);
        Assert.Equal(["LastName", "Tier__c"], error.Fields);
        Assert.Contains("LastName", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("duplicateResut")]
    [InlineData("duplicateResult")]
    public void A_duplicate_rules_matches_are_named_however_the_key_is_spelled(string key)
    {
        var error = Answer(400, $$$"""
            [{"{{{key}}}":{"allowSave":true,"matchResults":[{"matchRecords":[{"record":{"attributes":{"type":"Contact"},"Id":"0035g00000LmNoPAAV"}}]}]},"errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?"}]
            """);
        Assert.Equal(ErrorKind.Conflict, error!.Kind);
        Assert.Equal(["0035g00000LmNoPAAV"], error.RecordIds);
    }

    [Theory]
    [InlineData(401, "INVALID_SESSION_ID", CallPurpose.Create, ErrorKind.Authentication, true)]
    [InlineData(403, "REQUEST_LIMIT_EXCEEDED", CallPurpose.Create, ErrorKind.Quota, true)]
    [InlineData(429, "REQUEST_LIMIT_EXCEEDED", CallPurpose.Create, ErrorKind.RateLimited, true)]
    [InlineData(403, "INSUFFICIENT_ACCESS", CallPurpose.Read, ErrorKind.Misconfigured, true)]
    [InlineData(410, "GONE", CallPurpose.Read, ErrorKind.Misconfigured, true)]
    [InlineData(503, "SERVER_UNAVAILABLE", CallPurpose.Create, ErrorKind.Transient, true)]
    [InlineData(500, "UNKNOWN_EXCEPTION", CallPurpose.Create, ErrorKind.UnknownOutcome, false)]
    [InlineData(500, "UNKNOWN_EXCEPTION", CallPurpose.RepeatableWrite, ErrorKind.Transient, false)]
    [InlineData(500, "SOMETHING_ODD", CallPurpose.Read, ErrorKind.Transient, false)]
    [InlineData(400, "FIELD_INTEGRITY_EXCEPTION", CallPurpose.Create, ErrorKind.Rejected, true)]
    public void A_calls_status_and_code_together_say_what_happened(int status, string code, CallPurpose purpose, ErrorKind kind, bool notExecuted)
    {
        var error = Answer(status, $$"""[{"errorCode":"{{code}}","message":"words"}]""", purpose)!;
        Assert.Equal((kind, notExecuted), (error.Kind, error.NotExecuted));
    }

    [Fact]
    public void An_answer_with_a_document_type_is_not_read()
    {
        const string Fault = "<e:Envelope xmlns:e=\"x\"><e:Body><e:Fault><faultcode>sf:INVALID</faultcode><faultstring>words</faultstring></e:Fault></e:Body></e:Envelope>";
        Assert.Equal(new VendorError("INVALID", "words").Code, Assert.Single(VendorError.Read(Encoding.UTF8.GetBytes(Fault))).Code);
        var opened = Encoding.UTF8.GetBytes($"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>{Fault.Replace("words", "&x;", StringComparison.Ordinal)}");
        Assert.Empty(VendorError.Read(opened));
        const string Merged = "<e:Envelope xmlns:e=\"x\"><result><id>001000000000001AAA</id><success>true</success></result></e:Envelope>";
        Assert.Single(SoapResult.Read(Encoding.UTF8.GetBytes(Merged), 1));
        Assert.Throws<RecordFormatException>(() => SoapResult.Read(Encoding.UTF8.GetBytes("<!DOCTYPE a [<!ENTITY x \"y\">]>" + Merged), 1));
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[1,null,{\"message\":5}]")]
    [InlineData("{\"errors\":\"x\"}")]
    public void A_body_of_another_kind_is_left_to_the_general_rules(string body) => Assert.Null(Answer(502, body));

    private static OperationError? Answer(int status, string body, CallPurpose purpose = CallPurpose.RepeatableWrite)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return SalesforceErrors.OfAnswer(new RemoteAnswer(response.StatusCode, response.Headers, "application/json", Encoding.UTF8.GetBytes(body)), purpose);
    }
}
