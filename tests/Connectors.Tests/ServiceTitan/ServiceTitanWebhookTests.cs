using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanWebhookTests : ServiceTitanTest
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static readonly (string Type, string Data, string[] Hints)[] Events =
    [
        ("tn.jpm.job-completed", """ "job": { "id": 77 } """, ["job/77"]),
        ("tn.jpm.job-scheduled", """ "job": { "id": 77 } """, ["job/77"]),
        ("tn.jpm.job-rescheduled", """ "job": { "id": 77 }, "appointmentId": 78 """, ["appointment/78", "job/77"]),
        ("tn.jpm.job-appointment-updated", """ "appointment": { "id": 78 } """, ["appointment/78"]),
        ("tn.dis.technician-dispatched", """ "job": { "id": 77 }, "appointment": { "id": 78 } """, ["appointment/78", "job/77"]),
        ("tn.acc.invoice-posted", """ "invoice": { "id": 501 } """, ["invoice/501"]),
        ("tn.acc.invoice-task-created", """ "invoice": { "id": 501 }, "task": { "id": "x" } """, ["invoice/501"]),
        ("tn.crm.booking-updated", """ "booking": { "id": 9 } """, ["booking/9"]),
        ("tn.tlc.call-completed", """ "call": { "id": 9 } """, []),
        ("tn.jpm.something-new", """ "thing": { "id": 9 } """, []),
    ];

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Events.Length)];

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_event_hints_at_its_records(int index)
    {
        var (type, data, hints) = Events[index];
        await using var connection = Signed();
        var read = connection.ReadWebhook(Call(Body(type, data)));
        Assert.Null(read.Error);
        Assert.Equal(hints, read.Value!.Select(h => $"{h.Entity}/{h.Row.RecordId}").Order());
        Assert.All(read.Value!, h => Assert.Null(h.Row.Record));
    }

    [Fact]
    public async Task A_delivery_that_comes_again_is_the_same_occurrence()
    {
        await using var connection = Signed();
        var (first, again) = (connection.ReadWebhook(Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """, id: "a"))), connection.ReadWebhook(Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """, id: "b"))));
        Assert.Equal(first.Value![0].Row.Stamp, again.Value![0].Row.Stamp);
    }

    [Theory]
    [InlineData("sha256", "hex")]
    [InlineData("sha256", "base64")]
    [InlineData("sha1", "hex")]
    [InlineData("sha512", "base64")]
    public async Task Header_hash_and_encoding_are_the_connections(string hash, string encoding)
    {
        await using var connection = Signed(("webhookHeader", "X-ST-Signature"), ("webhookHash", hash), ("webhookEncoding", encoding));
        var body = Encoding.UTF8.GetBytes(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """));
        var key = Encoding.UTF8.GetBytes(Key);
        var mac = hash switch { "sha1" => HMACSHA1.HashData(key, body), "sha512" => HMACSHA512.HashData(key, body), _ => HMACSHA256.HashData(key, body) };
        var text = encoding == "hex" ? Convert.ToHexString(mac) : Convert.ToBase64String(mac);
        Assert.Single(connection.ReadWebhook(new WebhookCall { Body = body, Headers = new Dictionary<string, string> { ["x-st-signature"] = text } }).Value!);
        Assert.Single(connection.ReadWebhook(new WebhookCall { Body = body, Headers = new Dictionary<string, string> { ["x-st-signature"] = $"{hash}={text}" } }).Value!);
        Assert.Equal(ErrorKind.Authentication, connection.ReadWebhook(new WebhookCall { Body = body, Headers = new Dictionary<string, string> { ["x-servicetitan-signature"] = text } }).Error?.Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("no hex at all")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public async Task A_missing_or_wrong_signature_is_refused(string? signature)
    {
        await using var connection = Signed();
        var call = Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """)) with { Headers = signature is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-servicetitan-signature"] = signature } };
        Assert.Equal(ErrorKind.Authentication, connection.ReadWebhook(call).Error?.Kind);
    }

    [Fact]
    public async Task A_body_changed_on_its_way_is_refused()
    {
        await using var connection = Signed();
        var call = Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """));
        var changed = call.Body.ToArray();
        changed[^2] ^= 1;
        Assert.Equal(ErrorKind.Authentication, connection.ReadWebhook(call with { Body = changed }).Error?.Kind);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "type": "tn.jpm.job-completed", "specversion": "0.3", "data": {} }""")]
    [InlineData("""{ "type": "tn.jpm.job-completed", "specversion": "1.0", "userassignedid": "u", "time": "2026-09-14T12:00:00Z", "data": { "tenantId": 5, "job": { "id": 1 } } }""")]
    [InlineData("""{ "type": "tn.jpm.job-completed", "specversion": "1.0", "time": "2026-09-14T12:00:00Z", "data": { "tenantId": 1234567890, "job": { "id": 1 } } }""")]
    public async Task A_body_that_is_not_of_this_tenant_or_no_cloud_event_is_refused(string body)
    {
        await using var connection = Signed();
        Assert.Equal(ErrorKind.Rejected, connection.ReadWebhook(Call(body)).Error?.Kind);
    }

    [Theory]
    [InlineData(""" "job": { "id": "../5" } """)]
    [InlineData(""" "job": { "id": 1.5 } """)]
    [InlineData(""" "job": [] """)]
    public async Task A_hostile_id_hints_at_nothing(string data)
    {
        await using var connection = Signed();
        Assert.Empty(connection.ReadWebhook(Call(Body("tn.jpm.job-completed", data))).Value!);
    }

    [Fact]
    public void Without_a_key_no_webhook_is_taken() =>
        Assert.Equal(ErrorKind.Misconfigured, Connection.ReadWebhook(Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """))).Error?.Kind);

    [Fact]
    public async Task While_a_key_is_replaced_both_are_taken_and_afterwards_the_new_one_only()
    {
        const string Next = "fedcba9876543210fedcba9876543210";
        var body = Body("tn.jpm.job-completed", """ "job": { "id": 77 } """);
        await using var both = With([("webhookKey", Next), ("webhookKeyBefore", Key)]);
        Assert.All(new[] { Call(body), Call(body, Next) }, c => Assert.Single(both.ReadWebhook(c).Value!));
        Assert.Equal(ErrorKind.Authentication, both.ReadWebhook(Call(body, new string('x', 32))).Error?.Kind);
        await using var after = With([("webhookKey", Next)]);
        Assert.Single(after.ReadWebhook(Call(body, Next)).Value!);
        Assert.Equal(ErrorKind.Authentication, after.ReadWebhook(Call(body)).Error?.Kind);
    }

    [Theory]
    [InlineData(null, "2026-09-14T11:00:01Z", null)]
    [InlineData(null, "2026-09-14T10:59:59Z", ErrorKind.Authentication)]
    [InlineData("120", "2026-09-14T11:57:59Z", ErrorKind.Authentication)]
    [InlineData("120", "2026-09-14T11:58:01Z", null)]
    [InlineData(null, "2026-09-14T12:04:59Z", null)]
    [InlineData(null, "2026-09-14T12:05:01Z", ErrorKind.Authentication)]
    [InlineData(null, "2026-09-14T14:00:00+02:00", null)]
    [InlineData(null, "yesterday", ErrorKind.Rejected)]
    public async Task A_call_that_was_recorded_long_ago_is_refused_although_it_is_signed(string? tolerance, string time, ErrorKind? refused)
    {
        await using var connection = Signed(tolerance is null ? [] : [("webhookTolerance", tolerance)]);
        Assert.Equal(refused, connection.ReadWebhook(Call(Body("tn.jpm.job-completed", """ "job": { "id": 77 } """, time: time))).Error?.Kind);
    }

    private static string Body(string type, string data, string id = "d-1", string time = "2026-09-14T12:00:03Z") =>
        $$"""{ "specversion": "1.0", "id": "{{id}}", "type": "{{type}}", "time": "{{time}}", "source": "https://webhooks.servicetitan.io", "userassignedid": "o-1", "datacontenttype": "application/json", "data": { "tenantId": 1234567890, "tenantName": "Silver Creek", {{data}} } }""";

    private static WebhookCall Call(string body, string key = Key)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return new WebhookCall { Body = bytes, Headers = new Dictionary<string, string> { ["X-ServiceTitan-Signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), bytes)) } };
    }

    private IConnection Signed(params (string Name, string Value)[] more) => With([("webhookKey", Key)], more);

    private IConnection With((string Name, string Value)[] keys, params (string Name, string Value)[] more)
    {
        var settings = TestTenant.Settings(new Uri("http://127.0.0.1:9"), null, more);
        return new WorkflowEngine.ServiceTitan.ServiceTitanConnector().Connect(
            new ConnectionSettings { Name = settings.Name, Connector = settings.Connector, Settings = settings.Settings, Secrets = settings.Secrets.Concat(keys.Select(k => KeyValuePair.Create(k.Name, k.Value))).ToDictionary() },
            new ConnectorContext { Time = Clock, Gate = Gate, Seed = 1 });
    }
}
