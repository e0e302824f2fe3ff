using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>ServiceTitan V2: OAuth, the records of one tenant with their rules, and export feeds.</summary>
public sealed class ServiceTitanSimulator : Simulator
{
    /// <summary>The only client the simulator accepts; anything else is <c>invalid_client</c>.</summary>
    public const string ClientId = "cid.demo";

    /// <summary>The demo client's secret: no secret at all, it is documented.</summary>
    public const string ClientSecret = "cs1.demo";

    /// <summary>The value of <c>ST-App-Key</c>.</summary>
    public const string AppKey = "ak1.demo";

    /// <summary>The tenant named by the documentation. Every other number leads to the same records.</summary>
    public const long Tenant = 1_234_567_890;

    private readonly TenantState _state;
    private readonly Publication _published;
    private readonly WebhookSender _sender;
    private readonly WebhookEndpoints _webhooks;
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];
    private int _nextToken;

    public ServiceTitanSimulator(SimulatorOptions options)
        : base(options, "ServiceTitan simulator", vendorRate: 60)
    {
        _state = new TenantState(Clock);
        _published = new Publication(_state, Statistics, options);
        _sender = new WebhookSender(Clock);
        _webhooks = new WebhookEndpoints(_sender);
        _state.Happened = new WebhookEvents(_state, _published.Json, _sender, options.Seed).Happened;
    }

    /// <summary>A person enters or changes a record of any kind (<c>jobs</c>, <c>invoices</c>, <c>technicianRatings</c>, …; see the simulators' README). What has the id, the rating's
    /// technician and job, or the review's <c>internalId</c> is changed, else a record is made. Values are numbers, texts, flags, times in ISO 8601, lists and dictionaries.</summary>
    public long PutRecord(string kind, IReadOnlyDictionary<string, object?> values)
    {
        lock (Gate)
        {
            return _published.People.Put(kind, JsonSerializer.SerializeToElement(values));
        }
    }

    /// <summary>Sets up V2 webhooks, as the developer portal does.</summary>
    public void Subscribe(WebhookSubscription subscription) => _sender.Subscribe(subscription);

    /// <summary>What a record of this kind may be given by whoever enters it; null for kinds with a class of their own.</summary>
    public static IReadOnlyList<string>? MembersOf(string kind) => RecordKinds.All.FirstOrDefault(k => k.Name == kind)?.Settable.Select(m => m.Name).ToList();

    /// <summary>The attempts so far, of all webhooks.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _sender.Deliveries;

    /// <summary>A job is done: its visits are done, its invoice has a date.</summary>
    public void CompleteJob(long id, DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            _published.Progress.Complete(_state.Find("jobs", id) ?? throw new ArgumentException($"There is no job {id}.", nameof(id)), at ?? Clock.GetUtcNow());
        }
    }

    /// <summary>A person enters a customer; its id is answered.</summary>
    public long AddCustomer(CustomerSeed seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        lock (Gate)
        {
            return _state.Add(seed).Id;
        }
    }

    /// <summary>A person merges two customers; the first is gone into the second.</summary>
    public void MergeCustomers(long loser, long survivor)
    {
        lock (Gate)
        {
            _state.Merge(Known(loser), Known(survivor));
        }
    }

    /// <summary>A person edits a customer; null leaves a value as it is.</summary>
    public void EditCustomer(long id, string? name = null, Address? address = null, bool? active = null, IReadOnlyList<long>? tagTypeIds = null)
    {
        lock (Gate)
        {
            var customer = Known(id);
            customer.Name = name ?? customer.Name;
            customer.Address = address ?? customer.Address;
            customer.Active = active ?? customer.Active;
            customer.TagTypeIds = tagTypeIds is null ? customer.TagTypeIds : [.. tagTypeIds];
            _state.Touch(customer);
        }
    }

    /// <summary>A person edits the first line of this type, or adds one; the customer's <c>modifiedOn</c> stays.</summary>
    public void SetContact(long customerId, string type, string value)
    {
        lock (Gate)
        {
            var customer = Known(customerId);
            if (_state.LinesOf(customer.Id).FirstOrDefault(l => l.Type == type) is { } line)
            {
                line.Value = value;
                _state.Touch(line);
            }
            else
            {
                _state.AddLine(customer.Id, type, value, null, null, TimeSpan.Zero);
            }
        }
    }

    /// <summary>A person adds a tag type with the given id.</summary>
    public void AddTagType(long id, string name)
    {
        lock (Gate)
        {
            var now = _state.Now;
            _state.TagTypes.Add(new TagType { Id = id, Name = name, CreatedOn = now, ModifiedOn = now }, now, TimeSpan.Zero);
        }
    }

    /// <summary>The export tells a record (of <c>customers</c>, <c>contacts</c>, <c>jobs</c>, <c>invoices</c>, …) once more when this time has passed, as it stands now and behind what is newest then:
    /// the vendor promises neither that a row comes once nor that all its copies are equally new. An answer that a fault strikes takes the row with it.</summary>
    public void RepeatLater(string kind, long id, TimeSpan after)
    {
        lock (Gate)
        {
            switch (kind)
            {
                case "customers":
                    _published.Feeds.Repeat(id, after, _state.Customers);
                    break;
                case "contacts":
                    _published.Feeds.Repeat(id, after, _state.CustomerContacts);
                    break;
                default:
                    var record = _state.Known(kind)?.Rows.Find(id) ?? throw new ArgumentException($"There are no {kind} with the id {id}.", nameof(id));
                    _published.Feeds.Repeat(kind, record, after, (w, r) => _published.Json.Write(w, r, feed: true, null));
                    break;
            }
        }
    }

    /// <summary>What an application keeps with a record of one of the kinds without a class of their own; feeds and <c>/_records</c> do not tell it.</summary>
    public IReadOnlyDictionary<string, string> ExternalOf(string kind, long id, Guid application)
    {
        lock (Gate)
        {
            return _state.Known(kind)?.Rows.Find(id) is { } record ? new Dictionary<string, string>(record.ExternalData.Of(application)) : new Dictionary<string, string>();
        }
    }

    /// <summary>Enters records the way seeds do: past the rules, with a history.</summary>
    internal void Enter(Action<TenantState> enter)
    {
        lock (Gate)
        {
            enter(_state);
        }
    }

    internal override void ClearRecords()
    {
        _state.Clear();
        _sender.Clear();
        _published.Feeds.Clear();
        _tokens.Clear();
    }

    internal override bool IsToken(SimulatorRequest request) => request.Segments is ["connect", "token"];

    internal override Answer? HandleControl(SimulatorRequest request) => _webhooks.Handle(request) ?? _published.People.Handle(request);

    internal override void Stop() => _sender.Dispose();

    internal override Answer Handle(SimulatorRequest request)
    {
        if (IsToken(request))
        {
            request.Kind = "token";
            return request.Method == "POST" ? IssueToken(request) : ServiceTitanErrors.Gateway(404, "Resource not found");
        }

        if (request.Segments is not [var module, "v2", "tenant", var tenant, .. var rest] || CustomerEndpoints.ParseId(tenant) is null)
        {
            return Unmatched();
        }

        if (string.IsNullOrEmpty(request.Header("ST-App-Key") ?? request.Value("servicetitanapplicationkey"))
            || (request.Header("ST-App-Key") ?? request.Value("servicetitanapplicationkey")) != AppKey)
        {
            request.Kind = "unauthorized";
            return ServiceTitanErrors.Gateway(401, "Access denied due to missing or invalid application key.");
        }

        if (TokenOf(request) is not { } token || !_tokens.TryGetValue(token, out var expires) || expires <= Clock.GetUtcNow())
        {
            request.Kind = "unauthorized";
            return ServiceTitanErrors.Gateway(401, "Unauthorized. Access token is missing or invalid.");
        }

        return _published.Handle(request, module, rest) ?? Unmatched();
    }

    internal override Answer FaultAnswer(FaultRule rule) => rule.Kind switch
    {
        FaultKind.RateLimited or FaultKind.Quota => rule.RetryAfterSeconds is { } seconds
            ? ServiceTitanErrors.Gateway(429, string.Create(CultureInfo.InvariantCulture, $"Rate limit is exceeded. Try again in {seconds} seconds."))
                .With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))
            : ServiceTitanErrors.Gateway(429, "Rate limit is exceeded."),
        FaultKind.Unavailable => Answer.Text(503, "<html><body><h1>Service Unavailable</h1></body></html>", "text/html"),
        FaultKind.ExpiredToken => ServiceTitanErrors.Gateway(401, "Unauthorized. Access token is missing or invalid."),
        FaultKind.VendorError => ServiceTitanErrors.Api(
            rule.Status ?? 400, rule.Message ?? "One or more validation errors occurred.",
            rule.Code is { } code ? new Dictionary<string, List<string>> { [code] = [rule.Message ?? "The value is not valid."] } : null),
        _ => ServiceTitanErrors.Api(500, "An error occurred while processing your request."),
    };

    internal override void ExpireToken(SimulatorRequest request)
    {
        if (TokenOf(request) is { } token)
        {
            _tokens.Remove(token);
        }
    }

    internal override void WriteRecords(Utf8JsonWriter writer, string? type, bool deleted)
    {
        writer.WriteStartObject();
        Write("customers", _state.Customers.All, (w, c) => RowJson.Customer(w, _state, c, null));
        Write("contacts", _state.CustomerContacts.All.Where(l => deleted || l.Active), (w, l) => RowJson.Line(w, l, "customerId", withActive: true));
        Write("locations", _state.Locations.All, (w, l) => RowJson.Location(w, _state, l, null, null));
        Write("locationContacts", _state.LocationContacts.All.Where(l => deleted || l.Active), (w, l) => RowJson.Line(w, l, "locationId", withActive: true));
        Write("tagTypes", _state.TagTypes.All, RowJson.Tag);
        foreach (var table in _state.Tables)
        {
            Write(table.Kind.Name, table.Rows.All, (w, r) => _published.Json.Write(w, r, feed: true, null));
        }

        writer.WriteEndObject();

        void Write<T>(string name, IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
        {
            if (type is null || type == name)
            {
                writer.WriteStartArray(name);
                foreach (var row in rows)
                {
                    write(writer, row);
                }

                writer.WriteEndArray();
            }
        }
    }

    internal override IReadOnlyList<RecordTable> Tables() =>
    [
        new("Customers", ["id", "name", "type", "street", "city", "zip", "active", "merged to", "lines", "modified"],
            [.. _state.Customers.All.OrderByDescending(c => c.Sequence).Take(200).Select(c => (IReadOnlyList<string?>)[
                Text(c.Id), c.Name, c.Type, c.Address.Street, c.Address.City, c.Address.Zip, c.Active ? "yes" : "no",
                c.MergedToId is { } to ? Text(to) : null, Text(_state.LinesOf(c.Id).Count), RowJson.Iso(c.ModifiedOn)])],
            _state.Customers.Count),
        new("Contact lines", ["id", "customer", "type", "value", "memo", "active", "modified"],
            [.. _state.CustomerContacts.All.OrderByDescending(l => l.Sequence).Take(200).Select(l => (IReadOnlyList<string?>)[
                Text(l.Id), Text(l.OwnerId), l.Type, l.Value, l.Memo, l.Active ? "yes" : "no", RowJson.Iso(l.ModifiedOn)])],
            _state.CustomerContacts.Count),
        new("Locations", ["id", "customer", "name", "street", "city", "zip", "active", "merged to", "modified"],
            [.. _state.Locations.All.OrderByDescending(l => l.Sequence).Take(200).Select(l => (IReadOnlyList<string?>)[
                Text(l.Id), Text(l.CustomerId), l.Name, l.Address.Street, l.Address.City, l.Address.Zip, l.Active ? "yes" : "no", l.MergedToId is { } to ? Text(to) : null, RowJson.Iso(l.ModifiedOn)])],
            _state.Locations.Count),
        new("Tag types", ["id", "name", "active"],
            [.. _state.TagTypes.All.Select(t => (IReadOnlyList<string?>)[Text(t.Id), t.Name, t.Active ? "yes" : "no"])], _state.TagTypes.Count),
        .. _state.Tables.Select(t => RecordPage.Table(_state, t)),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Answer Unmatched() => ServiceTitanErrors.Gateway(404, "Unable to match incoming request to an operation.");

    private Customer Known(long id) => _state.Customers.Find(id) ?? throw new ArgumentException($"There is no customer {id}.", nameof(id));

    /// <summary>The vendor takes the token with and without <c>Bearer</c>.</summary>
    private static string? TokenOf(SimulatorRequest request) => request.Header("Authorization") is { Length: > 0 } header
        ? header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : header.Trim() : null;

    private Answer IssueToken(SimulatorRequest request)
    {
        if (request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return ServiceTitanErrors.OAuth("invalid_request");
        }

        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
        {
            return ServiceTitanErrors.OAuth("unsupported_grant_type");
        }

        if (form.GetValueOrDefault("client_id") != ClientId || form.GetValueOrDefault("client_secret") != ClientSecret)
        {
            return ServiceTitanErrors.OAuth("invalid_client");
        }

        var life = Options.TokenLifetime ?? TimeSpan.FromSeconds(900);
        var scope = WebEncoders.Base64UrlEncode("{\"scope\":[\"tn.crm.customers:r\",\"tn.crm.customers:w\",\"tn.set.tagtypes:r\"]}"u8);
        var token = string.Create(CultureInfo.InvariantCulture, $"eyJhbGciOiJSUzI1NiJ9.{scope}.st{Options.Seed}-{++_nextToken}");
        _tokens[token] = Clock.GetUtcNow() + life;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteString("access_token", token);
            w.WriteNumber("expires_in", (int)life.TotalSeconds);
            w.WriteString("token_type", "Bearer");
            w.WriteString("scope", "tn.crm.customers:r tn.crm.customers:w tn.set.tagtypes:r");
            w.WriteEndObject();
        });
    }
}
