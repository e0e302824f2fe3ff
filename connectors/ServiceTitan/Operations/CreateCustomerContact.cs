using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Makes a contact line of a customer.</summary>
internal sealed class CreateCustomerContact : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (item.Fields.GetValueOrDefault("customerId") is not string customer || !customer.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit("A contact line needs the customerId it belongs to.", "customerId");
        var body = new RecordBody(session, access).Write(new Dictionary<string, object?>(item.Fields.Where(f => f.Key != "customerId")), null, update: false);
        if (body.Error is { } unfit) return unfit;
        using var content = body.Value!;
        tally.Add();
        return await session.Caller.SendAsync(
            CallPurpose.Create,
            token => session.Api.PostAsync(session.Path($"crm/v2/tenant/{{tenant}}/customers/{customer}/contacts"), content, priority, token),
            answer =>
            {
                var record = new Dictionary<string, object?>(access.ReadBody(answer.Body.Span)) { ["customerId"] = customer };
                return Outcome<WriteResult>.Of(new WriteResult((string)record["id"]!, Created: true, record));
            },
            cancellationToken).ConfigureAwait(false);
    }
}
