using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Endpoints;
using WorkflowEngine.Simulators.Salesforce.PubSub;
using WorkflowEngine.Simulators.Salesforce.Rows;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>A Salesforce org: OAuth, describe, SOQL, rows, collections, composite, limits, custom fields.</summary>
public sealed class SalesforceSimulator : Simulator
{
    /// <summary>The only consumer key the simulator accepts.</summary>
    public const string ClientId = "3MVG9.demo";

    /// <summary>The demo client's secret: no secret at all, it is documented.</summary>
    public const string ClientSecret = "demo-secret";

    /// <summary>The only refresh token the simulator accepts.</summary>
    public const string RefreshToken = "5Aep.demo-refresh";

    /// <summary>The demo user of the password flow and of the SOAP login.</summary>
    public const string Username = "integration@demo.example";

    /// <summary>The demo user's password: documented, no secret.</summary>
    public const string Password = "demo-password";

    private const int OldestVersion = 31;
    private const int NewestVersion = 67;
    private const int LongestAddress = 16_384;

    private readonly OrgState _state;
    private readonly Sessions _sessions;
    private readonly ApiUsage _usage;
    private readonly ParentLocks _locks;
    private readonly OrgPolicies _policies;
    private readonly RecordWriter _writer;
    private readonly RowEndpoints _rows;
    private readonly CollectionEndpoints _collections;
    private readonly QueryEndpoints _queries;
    private readonly DescribeEndpoints _describes;
    private readonly CompositeEndpoints _composites;
    private readonly SetupEndpoints _setup;
    private readonly ReplicationEndpoints _replication;
    private readonly SoapEndpoint _soap;
    private readonly BulkEndpoints _bulk;
    private readonly OrgEndpoints _org;
    private readonly BatchEndpoints _batches;
    private readonly SearchEndpoints _search;

    public SalesforceSimulator(SimulatorOptions options)
        : base(options, "Salesforce simulator", vendorRate: 0)
    {
        _state = new OrgState(Clock, options);
        _sessions = new Sessions(options, Clock, _state);
        _usage = new ApiUsage(options.DailyApiLimit, Clock);
        _locks = new ParentLocks(options.ParentLocks, this);
        _policies = new OrgPolicies(_state);
        _writer = new RecordWriter(_state, Statistics, _locks, _policies);
        var merger = new RecordMerger(_state, _writer, Statistics);
        _rows = new RowEndpoints(_state, _writer, NewContext, Clock);
        _collections = new CollectionEndpoints(_state, _writer, NewContext, options, Clock);
        _queries = new QueryEndpoints(_state, options, Clock);
        _describes = new DescribeEndpoints(_state);
        _composites = new CompositeEndpoints(_state, HandlePart);
        _replication = new ReplicationEndpoints(_state, Clock);
        _soap = new SoapEndpoint(_state, _sessions, _usage, merger, _writer, NewContext);
        _batches = new BatchEndpoints(_state, _writer, _usage, NewContext, HandlePart);
        _search = new SearchEndpoints(_state, Clock);
        _org = new OrgEndpoints(_usage, OldestVersion, NewestVersion);
        _bulk = new BulkEndpoints(_state, _writer, NewContext, options, Clock);
        Events = new EventBus(_state, Clock, options);
        // Nobody can listen otherwise.
        _state.Changed = options.PubSubPort is null ? null : Events.Publish;
        _setup = new SetupEndpoints(_state, _writer, merger, _policies, options);
    }

    /// <summary>The org's 18-character id.</summary>
    public string OrganizationId => _state.OrganizationId;

    /// <summary>The org's change events. Used under the gate.</summary>
    internal EventBus Events { get; }

    internal override int? SecurePort => Options.PubSubPort;

    /// <summary>An event that only says that changes were missed (<c>GAP_UPDATE</c>, <c>GAP_OVERFLOW</c>, …), as the platform sends it now and then.</summary>
    public void AddGap(string type, string changeType, params string[] ids)
    {
        lock (Gate)
        {
            Events.Gap(_state.Schema.Find(type) ?? throw new ArgumentException($"There is no object {type}.", nameof(type)), changeType, ids);
        }
    }

    internal bool IsSession(string token) => _sessions.IsValidToken(token);

    internal override void AddServices(IServiceCollection services)
    {
        if (SecurePort is not null)
        {
            services.AddSingleton(this);
            services.AddGrpc();
        }
    }

    internal override void MapServices(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<PubSubService>();

    /// <summary>Adds custom objects and fields as a template's <c>requires</c> block describes them. What exists is left alone.</summary>
    /// <exception cref="ArgumentException">The description is not usable.</exception>
    public void AddRequired(JsonElement requires)
    {
        lock (Gate)
        {
            if (_setup.AddRequired(requires) is { } problem)
            {
                throw new ArgumentException(problem, nameof(requires));
            }
        }
    }

    /// <summary>A person enters a record; its id is answered.</summary>
    /// <exception cref="ArgumentException">The org refuses the record.</exception>
    public string AddRecord(string type, IReadOnlyDictionary<string, object?> values)
    {
        lock (Gate)
        {
            var definition = _state.Schema.Find(type) ?? throw new ArgumentException($"There is no object {type}.", nameof(type));
            var request = new SimulatorRequest("POST", "/_people", _ => null, [], "");
            var result = _writer.Save(new WriteContext(request, TimeSpan.Zero), definition, JsonSerializer.SerializeToElement(values), null);
            _state.Commit();
            return result.Success ? result.Id! : throw new ArgumentException($"{result.Errors[0].Code}: {result.Errors[0].Message}", nameof(values));
        }
    }

    /// <summary>A person changes a record.</summary>
    /// <exception cref="ArgumentException">The org refuses the change.</exception>
    public void EditRecord(string id, IReadOnlyDictionary<string, object?> values)
    {
        lock (Gate)
        {
            if (_writer.Find(id, out var record) is { } missing) throw new ArgumentException($"{missing.Code}: {missing.Message}", nameof(id));
            var request = new SimulatorRequest("PATCH", "/_people", _ => null, [], "");
            var result = _writer.Save(new WriteContext(request, TimeSpan.Zero), record!.Definition, JsonSerializer.SerializeToElement(values), record);
            _state.Commit();
            if (!result.Success) throw new ArgumentException($"{result.Errors[0].Code}: {result.Errors[0].Message}", nameof(values));
        }
    }

    /// <summary>A query in the order of change (<c>ORDER BY SystemModstamp</c>) tells a record once more when this time has passed, as it stands now and behind what is newest then.</summary>
    public void RepeatLater(string id, TimeSpan after)
    {
        lock (Gate) _queries.Repeat(_state.Find(id) ?? throw new ArgumentException($"There is no record {id}.", nameof(id)), after);
    }

    /// <summary>Living records with the given fields, as text; null where a field has no value.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Records(string type, params string[] fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        lock (Gate)
        {
            return _state.Schema.Find(type) is not { } definition ? []
                : [.. _state.All(definition).Where(r => !r.IsDeleted).Select(r => (IReadOnlyDictionary<string, string?>)fields.ToDictionary(
                    f => f, f => definition.Find(f) is { } field ? FieldValues.Text(r[field]) : null))];
        }
    }

    internal override void ClearRecords()
    {
        _state.Clear();
        _sessions.Clear();
        _usage.Clear();
        _locks.Clear();
        _policies.Clear();
        _queries.Clear();
        _bulk.Clear();
        Events.Clear();
    }

    internal override bool IsToken(SimulatorRequest request) => request.Segments is ["services", "oauth2", "token"];

    internal override Answer? HandleControl(SimulatorRequest request)
    {
        var answer = _setup.Handle(request);
        _state.Commit();
        return answer;
    }

    internal override Answer Handle(SimulatorRequest request)
    {
        Events.Origin = OriginOf(request);
        try
        {
            return HandleAll(request);
        }
        finally
        {
            _state.Commit();
            Events.Origin = "";
        }
    }

    /// <summary>What change events name as their cause: the API, its version and the client.</summary>
    private static string OriginOf(SimulatorRequest request)
    {
        var client = request.Header("Sforce-Call-Options")?.Split(',', ';').Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(p => p is ["client", _])?[1];
        var origin = request.Segments switch
        {
            ["services", "Soap", "u", var version] => $"com/salesforce/api/soap/{version}",
            ["services", "data", ['v', .. var version], "jobs", ..] => $"com/salesforce/api/bulkapi/{version}",
            ["services", "data", ['v', .. var version], ..] => $"com/salesforce/api/rest/{version}",
            _ => "",
        };
        return client is null || origin.Length == 0 ? origin : $"{origin};client={client}";
    }

    internal override Answer FaultAnswer(FaultRule rule) => rule.Kind switch
    {
        FaultKind.RateLimited => rule.RetryAfterSeconds is { } seconds
            ? Limit(429).With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : Limit(429),
        FaultKind.Quota => Limit(403),
        FaultKind.Unavailable => Answer.Text(503, "<html><body><h1>Service Unavailable</h1></body></html>", "text/html"),
        FaultKind.ExpiredToken => Expired(),
        FaultKind.VendorError => SalesforceErrors.Of(rule.Status ?? 400, rule.Code ?? "UNKNOWN_EXCEPTION", rule.Message ?? "The request was refused."),
        _ => SalesforceErrors.Of(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId if you contact support: 1-1 (1)"),
    };

    internal override void ExpireToken(SimulatorRequest request) => _sessions.Expire(request);

    internal override void WriteRecords(Utf8JsonWriter writer, string? type, bool deleted)
    {
        writer.WriteStartObject();
        foreach (var definition in _state.Schema.Objects.Where(o => type is null || o.Name.Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            writer.WriteStartArray(definition.Name);
            foreach (var record in _state.All(definition).Where(r => deleted || !r.IsDeleted))
            {
                writer.WriteStartObject();
                foreach (var field in definition.Fields.Where(f => f.Type != "address"))
                {
                    if (record[field] is { } value)
                    {
                        FieldValues.Write(writer, field.Name, value);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    internal override IReadOnlyList<RecordTable> Tables()
    {
        List<RecordTable> tables = [];
        foreach (var definition in _state.Schema.Objects.Where(o => o.Name is not ("Organization" or "User") && !o.Setup))
        {
            var living = _state.All(definition).Where(r => !r.IsDeleted).ToList();
            if (living.Count == 0 && definition.Name is not ("Account" or "Contact"))
            {
                continue;
            }

            // Only columns that hold something; stamps of the system come last.
            var columns = definition.Fields.Where(f => f.Type != "address" && f.Name is not ("IsDeleted" or "CreatedById" or "LastModifiedById" or "LastModifiedDate" or "SystemModstamp" or "OwnerId")
                && living.Exists(r => r[f] is not null)).ToList();
            tables.Add(new RecordTable(
                definition.Name, [.. columns.Select(c => c.Name)],
                [.. living.AsEnumerable().Reverse().OrderByDescending(r => r.Values.GetValueOrDefault("SystemModstamp")).Take(200)
                    .Select(r => (IReadOnlyList<string?>)[.. columns.Select(c => FieldValues.Text(r[c]))])],
                living.Count));
        }

        return tables;
    }

    private static Answer Limit(int status) => SalesforceErrors.Of(status, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");

    private static Answer Expired() => SalesforceErrors.Of(401, "INVALID_SESSION_ID", "Session expired or invalid");

    private WriteContext NewContext(SimulatorRequest request) => new(request, request.Faults.Find(FaultKind.LateCommit) is { } rule
        ? TimeSpan.FromMilliseconds(rule.DelayMs ?? 60_000) : Options.LateVisibility);

    private Answer HandleAll(SimulatorRequest request)
    {
        // For clients whose libraries know no PATCH.
        if (request.Method == "POST" && request.Value("_HttpMethod") is { } verb)
        {
            request.Method = verb.ToUpperInvariant();
        }

        switch (request.Method, request.Segments)
        {
            case ("POST", ["services", "oauth2", "token"]): return _sessions.Issue(request);
            case ("POST", ["services", "oauth2", "revoke"]): return _sessions.Revoke(request);
            case ("POST", ["services", "oauth2", "introspect"]): return _sessions.Introspect(request);
            case ("GET" or "POST", ["services", "oauth2", "userinfo"]) or ("GET", ["id", _, _]): return _sessions.Identity(request);
            case ("POST", ["services", "Soap", "u", ..]): return _soap.Handle(request);
            case ("GET", ["services", "data"]): return _org.Versions(request);
        }

        if (request.Target.Length > LongestAddress)
        {
            return Answer.Text(414, "<html><body><h1>414 URI Too Long</h1></body></html>", "text/html");
        }

        if (request.Segments is not ["services", "data", var version, ..] || !IsVersion(version, out var number))
        {
            throw SalesforceErrors.NotFound("The requested resource does not exist");
        }

        if (number < OldestVersion)
        {
            throw SalesforceErrors.Refuse(410, "GONE", "The requested API version has been retired.");
        }

        if (!_sessions.IsValid(request))
        {
            request.Kind = "unauthorized";
            return Expired();
        }

        if (!_usage.Count())
        {
            request.Kind = "quota";
            return WithUsage(Limit(403));
        }

        try
        {
            return WithUsage(Route(request, version, request.Segments[3..]));
        }
        catch (Refusal refusal)
        {
            return WithUsage(refusal.Answer);
        }
    }

    /// <summary>A part of a composite call is not counted and not authenticated again.</summary>
    private Answer HandlePart(SimulatorRequest request) => request.Segments is ["services", "data", var version, ..] && IsVersion(version, out _)
        ? Route(request, version, request.Segments[3..]) : throw SalesforceErrors.NotFound();

    private Answer Route(SimulatorRequest request, string version, string[] rest) => (request.Method, rest) switch
    {
        ("GET", []) => _org.Resources(request, version),
        ("GET", ["limits"]) => _org.Limits(request),
        ("GET", ["query"]) => _queries.Query(request, version, withDeleted: false),
        ("GET", ["queryAll"]) => _queries.Query(request, version, withDeleted: true),
        ("GET", ["query" or "queryAll", var locator]) => _queries.More(request, version, locator),
        ("GET", ["sobjects"]) => _describes.Global(request, version),
        ("POST", ["composite"]) => _composites.Run(request),
        ("POST", ["composite", "graph"]) => _composites.RunGraphs(request),
        ("POST", ["composite", "batch"]) => _batches.Batch(request),
        ("POST", ["composite", "tree", var type]) => _batches.Tree(request, type),
        ("GET", ["search"]) => _search.Sosl(request, version),
        ("GET", ["parameterizedSearch"]) => _search.Parameterized(request, version),
        ("POST", ["composite", "sobjects"]) => _collections.Create(request),
        ("PATCH", ["composite", "sobjects"]) => _collections.Update(request),
        ("DELETE", ["composite", "sobjects"]) => _collections.Delete(request),
        ("GET" or "POST", ["composite", "sobjects", var type]) => _collections.Get(request, version, type),
        ("PATCH", ["composite", "sobjects", var type, var field]) => _collections.Upsert(request, type, field),
        ("POST", ["tooling", "sobjects", "CustomField"]) => _setup.CreateCustomField(request),
        ("DELETE", ["tooling", "sobjects", "CustomField", var id]) => _setup.DeleteCustomField(request, id),
        ("GET", ["sobjects", var type]) => _describes.Basic(request, version, type),
        ("POST", ["sobjects", var type]) => _rows.Create(request, version, type),
        ("GET", ["sobjects", var type, "describe"]) => _describes.Describe(request, version, type),
        ("GET", ["sobjects", var type, "updated"]) => _replication.Updated(request, type),
        ("GET", ["sobjects", var type, "deleted"]) => _replication.Deleted(request, type),
        ("GET", ["sobjects", var type, var id]) => _rows.Get(request, version, type, id),
        ("PATCH", ["sobjects", var type, var id]) => _rows.Update(request, version, type, id),
        ("DELETE", ["sobjects", var type, var id]) => _rows.Delete(request, type, id),
        ("GET" or "HEAD", ["sobjects", var type, var field, var value]) => _rows.GetByKey(request, version, type, field, value),
        ("PATCH", ["sobjects", var type, var field, var value]) => _rows.Upsert(request, version, type, field, value),
        ("DELETE", ["sobjects", var type, var field, var value]) => _rows.DeleteByKey(request, version, type, field, value),
        (_, ["jobs", .. { Length: > 0 } job]) => _bulk.Handle(request, version, job),
        ("GET", ["event", "eventSchema", var id]) => Events.Schema(id) is { } schema ? Answer.Text(200, schema.Text, "application/json;charset=UTF-8") : throw SalesforceErrors.NotFound(),
        (_, ["limits" or "query" or "queryAll" or "sobjects" or "composite", ..]) =>
            throw SalesforceErrors.Refuse(405, "METHOD_NOT_ALLOWED", $"HTTP Method '{(request.Method.Length <= 10 ? request.Method : "?")}' not allowed."),
        _ => throw SalesforceErrors.NotFound(),
    };

    private static bool IsVersion(string text, out int number)
    {
        number = 0;
        return text.Length is >= 4 and <= 6 && text[0] is 'v' && text.EndsWith(".0", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(1, text.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private Answer WithUsage(Answer answer) =>
        answer.With("Sforce-Limit-Info", string.Create(CultureInfo.InvariantCulture, $"api-usage={_usage.Used}/{_usage.Limit}"));
}
