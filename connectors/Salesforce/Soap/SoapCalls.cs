using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;

namespace WorkflowEngine.Salesforce.Soap;

/// <summary>Writes that only SOAP knows. It tells of a token that ended with a 500, so the token is renewed here.</summary>
internal sealed class SoapCalls(SalesforceCalls calls, AccessTokens tokens, string client)
{
    /// <summary>Calls made so far.</summary>
    public int Made { get; private set; }

    /// <summary>Sends one call; every one of them may be repeated.</summary>
    /// <param name="header">Elements of the header.</param>
    /// <param name="body">The element of the body.</param>
    /// <param name="results">How many results are expected.</param>
    /// <param name="priority">Who goes first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Outcome<IReadOnlyList<SoapResult>>> SendAsync(string header, string body, int results, CallPriority priority, CancellationToken cancellationToken)
    {
        var outcome = await OnceAsync().ConfigureAwait(false);
        if (outcome.Error is not { Code: "INVALID_SESSION_ID" }) return outcome;
        var token = await tokens.GetAsync(priority, cancellationToken).ConfigureAwait(false);
        if (token.Succeeded) tokens.Refuse(token.Value);
        return await OnceAsync().ConfigureAwait(false);

        Task<Outcome<IReadOnlyList<SoapResult>>> OnceAsync()
        {
            Made++;
            return calls.Caller.SendAsync(
                CallPurpose.RepeatableWrite,
                cancel => calls.Api.SoapAsync(calls.Version, new SoapContent(client, header, body), "\"\"", priority, cancel),
                answer => Outcome<IReadOnlyList<SoapResult>>.Of(SoapResult.Read(answer.Body, results)),
                cancellationToken);
        }
    }
}
