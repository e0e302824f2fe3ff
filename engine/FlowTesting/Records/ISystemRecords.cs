using System.Text.Json.Nodes;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>The records of one simulated system, as its people see and change them.</summary>
internal interface ISystemRecords
{
    /// <summary>A person makes the record, or changes the one that has its id or key. The problem is the system's own word; null = done.</summary>
    Task<string?> PutAsync(string entity, ObjectValue record, CancellationToken cancellationToken) => PutAsync(entity, record, isNew: false, cancellationToken);

    /// <summary>The same of a record nobody has made yet, if the caller knows: none is looked for that has its key, which takes long among many.</summary>
    Task<string?> PutAsync(string entity, ObjectValue record, bool isNew, CancellationToken cancellationToken);

    /// <summary>A person deletes all records that have these values.</summary>
    Task<string?> DeleteAsync(string entity, ObjectValue with, CancellationToken cancellationToken);

    /// <summary>The org's own fields and rules.</summary>
    /// <param name="setup">What is written under <c>setup</c>.</param>
    /// <param name="rules">Rules, which may name records; else fields and objects, which stand there before.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<string?> SetUpAsync(ObjectValue setup, bool rules, CancellationToken cancellationToken);

    /// <summary>How many living records of an entity there are that no person made.</summary>
    Task<int> MadeByOthersAsync(string entity, CancellationToken cancellationToken);

    /// <summary>Everything that stands there, without what a mere touch changes: equal texts are equal states.</summary>
    Task<SortedDictionary<string, string>> SnapshotAsync(CancellationToken cancellationToken);
}

/// <summary>Asks a simulator's own controls.</summary>
internal sealed class SystemControls(HttpMessageHandler transport, Uri address) : IDisposable
{
    private readonly HttpClient _client = new(transport) { BaseAddress = address };

    /// <summary>The answer's status and JSON; null JSON where there is none.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return ((int)response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text) : null);
    }

    public void Dispose() => _client.Dispose();
}
