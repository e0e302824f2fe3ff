using Refit;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>ServiceTitan's HTTP interface. Paths and parameters come from the catalogue, so one method per verb is enough.</summary>
internal interface IServiceTitanApi
{
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [Query] IDictionary<string, string> query, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Post("/{**path}")]
    Task<HttpResponseMessage> PostAsync(string path, [Body] HttpContent body, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Patch("/{**path}")]
    Task<HttpResponseMessage> PatchAsync(string path, [Body] HttpContent body, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Put("/{**path}")]
    Task<HttpResponseMessage> PutAsync(string path, [Body] HttpContent body, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);

    [Delete("/{**path}")]
    Task<HttpResponseMessage> DeleteAsync(string path, [Property(CallProperties.Priority)] CallPriority priority, CancellationToken cancellationToken);
}
