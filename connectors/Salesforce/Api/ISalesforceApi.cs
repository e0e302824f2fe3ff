using Refit;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Api;

/// <summary>The REST resources we use. Bodies and answers are read and written by the catalogue's types, so the methods carry them raw.</summary>
internal interface ISalesforceApi
{
    [Get("/services/data/v{version}/query")]
    Task<HttpResponseMessage> QueryAsync(string version, [AliasAs("q")] string query, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Get("/services/data/v{version}/queryAll")]
    Task<HttpResponseMessage> QueryAllAsync(string version, [AliasAs("q")] string query, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/data/v{version}/composite")]
    Task<HttpResponseMessage> CompositeAsync(string version, [Body] HttpContent requests, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/Soap/u/{version}")]
    Task<HttpResponseMessage> SoapAsync(string version, [Body] HttpContent envelope, [Header("SOAPAction")] string action, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    // The next page's path as the vendor gave it, without the first slash.
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Get("/services/data/v{version}/sobjects/{entity}/describe")]
    Task<HttpResponseMessage> DescribeAsync(string version, string entity, [Header("If-Modified-Since")] string? since, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Get("/services/data/v{version}/sobjects/{entity}/{which}/")]
    Task<HttpResponseMessage> ReplicatedAsync(string version, string entity, string which, string start, string end, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/data/v{version}/sobjects/{entity}")]
    Task<HttpResponseMessage> CreateAsync(string version, string entity, [Body] HttpContent record, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/services/data/v{version}/sobjects/{entity}/{id}")]
    Task<HttpResponseMessage> UpdateAsync(string version, string entity, string id, [Body] HttpContent record, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Delete("/services/data/v{version}/sobjects/{entity}/{id}")]
    Task<HttpResponseMessage> DeleteAsync(string version, string entity, string id, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/services/data/v{version}/sobjects/{entity}/{field}/{value}")]
    Task<HttpResponseMessage> UpsertAsync(string version, string entity, string field, string value, [Body] HttpContent record, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Get("/services/data/v{version}/sobjects/{entity}/{field}/{value}?fields=Id")]
    Task<HttpResponseMessage> FindAsync(string version, string entity, string field, string value, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/data/v{version}/composite/sobjects")]
    Task<HttpResponseMessage> CreateAllAsync(string version, [Body] HttpContent records, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/services/data/v{version}/composite/sobjects")]
    Task<HttpResponseMessage> UpdateAllAsync(string version, [Body] HttpContent records, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/services/data/v{version}/composite/sobjects/{entity}/{field}")]
    Task<HttpResponseMessage> UpsertAllAsync(string version, string entity, string field, [Body] HttpContent records, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Delete("/services/data/v{version}/composite/sobjects?allOrNone=false")]
    Task<HttpResponseMessage> DeleteAllAsync(string version, string ids, [HeaderCollection] IDictionary<string, string> headers, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/data/v{version}/tooling/sobjects/{entity}")]
    Task<HttpResponseMessage> CreateToolingAsync(string version, string entity, [Body] HttpContent record, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/services/data/v{version}/jobs/{kind}")]
    Task<HttpResponseMessage> CreateJobAsync(string version, string kind, [Body] HttpContent job, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Put("/services/data/v{version}/jobs/ingest/{id}/batches")]
    Task<HttpResponseMessage> UploadRowsAsync(string version, string id, [Body] HttpContent rows, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/services/data/v{version}/jobs/ingest/{id}")]
    Task<HttpResponseMessage> ChangeJobAsync(string version, string id, [Body] HttpContent state, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Get("/services/data/v{version}/jobs/{kind}/{id}")]
    Task<HttpResponseMessage> JobAsync(string version, string kind, string id, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Headers("Accept: text/csv")]
    [Get("/services/data/v{version}/jobs/ingest/{id}/{which}/")]
    Task<HttpResponseMessage> JobRowsAsync(string version, string id, string which, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Headers("Accept: text/csv")]
    [Get("/services/data/v{version}/jobs/query/{id}/results")]
    Task<HttpResponseMessage> QueryRowsAsync(string version, string id, string? locator, int maxRecords, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);
}
