using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api.Tests;

/// <summary>Secrets that would be recognised anywhere are used everywhere, then everything the server left behind is searched for them.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task No_secret_is_in_a_log_an_answer_a_file_or_a_database()
    {
        const string InConnection = "canary-connection-77aa01";
        const string InHook = "canary-hook-77aa02-of-the-tests";
        var lines = new StringBuilder();
        using var logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new Tape(lines)));
        await using var world = await ApiWorld.StartAsync(
            options: o => o with { Logs = logs, Access = new AccessOptions { Keys = true, Wrong = 1_000 } }, environment: e => e["HOOK_TOKEN"] = InHook, logs: logs);
        var keys = new AccessKeys(world.Host.Settings.AccessKeys, world.Host.Time);
        var (_, admin) = await keys.MakeAsync("default", "admin", "admin", null, "test", default);
        world.Client.DefaultRequestHeaders.Authorization = new("Bearer", admin);
        var answers = new StringBuilder();
        async Task SendAsync(HttpMethod method, string path, object? body = null)
        {
            using var answer = await world.SendAsync(method, path, body);
            answers.Append(await answer.Content.ReadAsStringAsync()).Append(answer.Headers);
        }

        foreach (var settings in new object[] { new { baseAddress = world.SalesforceAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" }, new { baseAddress = "nowhere" }, new { none = "x" } })
        {
            await SendAsync(HttpMethod.Put, "/api/connections/main", new { connector = "salesforce", settings, secrets = new { clientId = InConnection, clientSecret = InConnection } });
        }

        await SendAsync(HttpMethod.Post, "/api/connections/main/test", new { });
        await SendAsync(HttpMethod.Put, "/api/deployments/x", new { template = "orders", connections = new { salesforce = "main" } });
        await SendAsync(HttpMethod.Post, $"/hooks/orders/{InHook}", """{ "id": "1", "name": "Ruiz" }""");
        await SendAsync(HttpMethod.Post, $"/hooks/none/{InHook}", "{}");
        await SendAsync(HttpMethod.Post, $"/hooks/orders/{InHook}", """{ "id": 1 """);
        foreach (var path in EndpointTable.All.Where(e => e.Method == "GET" && !e.Pattern.Contains('{') && !e.Pattern.EndsWith("live", StringComparison.Ordinal)).Select(e => e.Pattern)) await SendAsync(HttpMethod.Get, path);
        await SendAsync(HttpMethod.Get, "/openapi/v1.json");
        await world.CloseAsync();

        var secrets = new[] { InConnection, InHook, admin.Split('_')[2] };
        foreach (var secret in secrets)
        {
            lock (lines) Assert.DoesNotContain(secret, lines.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, answers.ToString(), StringComparison.Ordinal);
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(world.Folder)!, "*", SearchOption.AllDirectories))
            {
                Assert.False(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).Contains(secret, StringComparison.Ordinal), $"{file} holds a secret");
            }
        }

        Assert.NotEqual(0, lines.Length);
        await world.OpenAsync();
    }

    [Fact]
    public async Task A_value_of_a_sensitive_field_is_plain_nowhere_but_at_the_vendor()
    {
        const string Birth = "1987-06-05";
        const string Flow = """
            flow: orders
            connections: { salesforce: salesforce }
            input:
              id: { type: text }
              name: { type: text }
              birth: { type: date }
            trigger: { webhook: orders, with: =trigger }
            key: =input.id
            steps:
              - id: person
                upsert: salesforce/Contact
                match: [ [LastName] ]
                onAmbiguous: review
                set: { LastName: =input.name, Birthdate: =input.birth }
                options: { duplicates: accept }
            """;
        var lines = new StringBuilder();
        using var logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new Tape(lines)));
        using var traces = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => { lock (lines) lines.AppendLine(a.DisplayName).AppendLine(string.Join(" ", a.TagObjects.Select(t => $"{t.Key}={t.Value}"))).AppendLine(string.Join(" ", a.Events.SelectMany(e => e.Tags).Select(t => $"{t.Key}={t.Value}"))); },
        };
        ActivitySource.AddActivityListener(traces);
        await using var world = await ApiWorld.StartAsync(
            new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment }, options: o => o with { Logs = logs }, logs: logs,
            prepare: w => { foreach (var _ in Enumerable.Range(0, 2)) w.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Twin", ["Birthdate"] = Birth }); });
        // One that is written, one that becomes a dead letter, one that waits in a review.
        foreach (var name in new[] { "Ruiz", new string('n', 300), "Twin" }) (await world.HookAsync($$"""{ "id": "c{{name.Length}}", "name": "{{name}}", "birth": "{{Birth}}" }""")).EnsureSuccessStatusCode().Dispose();
        await world.UntilAsync("/api/reviews", r => r.GetArrayLength() == 1);
        await world.UntilAsync("/api/dead-letters", r => r.GetArrayLength() == 1);
        var runs = await world.UntilAsync("/api/runs?outcome=succeeded", r => r.GetArrayLength() == 1);
        Assert.Contains(world.Salesforce.Records("Contact", ["LastName", "Birthdate"]), c => c["LastName"] == "Ruiz" && c["Birthdate"] == Birth);
        var answers = new StringBuilder();
        foreach (var path in new[]
        {
            "/api/runs", "/api/runs/" + runs[0].GetProperty("id").GetString(), "/api/reviews", "/api/reviews/" + (await world.GetAsync("/api/reviews")).GetProperty("data")[0].GetProperty("id").GetString(), "/api/dead-letters",
            "/api/incidents?all=true", "/api/audit", "/api/workspace/export", "/api/doctor", "/metrics", "/api/connections/org/records/Contact",
            $"/api/why?connection=org&entity=Contact&record={(await world.GetAsync("/api/runs/" + runs[0].GetProperty("id").GetString())).GetProperty("effects")[0].GetProperty("record").GetString()}",
        })
        {
            using var answer = await world.SendAsync(HttpMethod.Get, path);
            answers.Append(path).AppendLine(await answer.Content.ReadAsStringAsync());
        }

        var inputs = new[] { new { id = "c4", name = "Ruiz", birth = "1999-01-02" }, new { id = "c5", name = "Nobody", birth = Birth } };
        foreach (var plan in new object[] { new { deployment = "orders", inputs }, new { deployment = "orders", inputs, files = new[] { new { path = "flow.yaml", content = Flow.Replace("Birthdate: =input.birth", "Birthdate: =input.birth, Title: Dr.", StringComparison.Ordinal) } } } })
        {
            var told = await world.PostAsync("/api/flows/plan", plan);
            Assert.Equal(("update", "•••", "•••"), Planned(told.GetProperty("runs")[0]));
            Assert.Equal(("create", null, "•••"), Planned(told.GetProperty("runs")[1]));
            answers.AppendLine(told.GetRawText());
        }

        static (string? Verb, string? Before, string? After) Planned(System.Text.Json.JsonElement run)
        {
            var effect = run.GetProperty("effects")[0];
            var field = effect.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "Birthdate");
            return (effect.GetProperty("verb").GetString(), field.GetProperty("before").GetString(), field.GetProperty("after").GetString());
        }

        await world.Host.Runtime.WaitIdleAsync(default);
        await world.CloseAsync();
        Assert.DoesNotContain(Birth, answers.ToString(), StringComparison.Ordinal);
        string traced;
        // Tests beside this one are still traced.
        lock (lines) traced = lines.ToString();
        Assert.DoesNotContain(Birth, traced, StringComparison.Ordinal);
        Assert.NotEqual("", traced);
        var files = Directory.EnumerateFiles(Path.GetDirectoryName(world.Database)!, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, f => f.EndsWith("flow.db", StringComparison.Ordinal));
        foreach (var file in files) Assert.False(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).Contains(Birth, StringComparison.Ordinal), $"{file} holds the value");
        await world.OpenAsync();
    }

    /// <summary>The value goes into other fields through a map, a list and a loop, into the key of a write, into a message, and comes back in the vendor's own words.</summary>
    [Fact]
    public async Task What_is_made_of_a_sensitive_value_is_as_hidden_as_the_value()
    {
        const string Birth = "1987-06-05";
        const string Flow = """
            flow: orders
            connections: { salesforce: salesforce }
            input:
              id: { type: text }
            trigger: { webhook: orders, with: =trigger }
            key: =input.id
            steps:
              - id: person
                lookup: salesforce/Contact
                where: { LastName: =input.id }
                orElse: stop
              - id: seen
                map:
                  born: =date.text(person.Birthdate)
                  lines: '=[seen.born]'
              - forEach: =seen.lines
                as: line
                do:
                  - update: salesforce/Contact
                    where: { Id: =person.Id }
                    set: { Description: '=`Born ${line}`', Title: Dr. }
              - id: named
                upsert: salesforce/Account
                match: [ [AccountNumber] ]
                set: { AccountNumber: '=seen.born', Name: Ruiz }
                options: { duplicates: accept }
              - if: =input.id === "Wrong"
                update: salesforce/Contact
                where: { Id: =person.Id }
                set: { Email: '=`${seen.born}@`' }
              - stop: =`Born ${seen.born}`
            """;
        await using var world = await ApiWorld.StartAsync(
            new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment },
            prepare: w => { foreach (var name in (string[])["Ruiz", "Wrong"]) w.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = name, ["Birthdate"] = Birth }); });
        foreach (var name in (string[])["Ruiz", "Wrong"]) (await world.HookAsync($$"""{ "id": "{{name}}" }""")).EnsureSuccessStatusCode().Dispose();
        var letters = await world.UntilAsync("/api/dead-letters", r => r.GetArrayLength() == 1);
        var runs = await world.UntilAsync("/api/runs?outcome=stopped", r => r.GetArrayLength() == 1);
        Assert.Contains(world.Salesforce.Records("Contact", ["LastName", "Description"]), c => c["LastName"] == "Ruiz" && c["Description"] == "Born " + Birth);
        var run = (await world.ExplainedAsync(runs[0].GetProperty("id").GetString()!)).GetRawText();
        Assert.Contains("Dr.", run, StringComparison.Ordinal);
        Assert.Contains("•••", run, StringComparison.Ordinal);
        var letter = (await world.GetAsync("/api/dead-letters/" + letters[0].GetProperty("id"))).GetRawText();
        Assert.Contains("invalid email address: •••", letter, StringComparison.Ordinal);
        var all = new StringBuilder(run).Append(letter);
        foreach (var path in (string[])["/api/runs", "/api/dead-letters", "/api/incidents?all=true", "/api/audit"]) all.Append((await world.GetAsync(path)).GetRawText());
        var person = world.Salesforce.Records("Contact", ["Id", "LastName"]).Single(c => c["LastName"] == "Ruiz")["Id"]!;
        world.Salesforce.EditRecord(person, new Dictionary<string, object?> { ["Title"] = "Mx.", ["Description"] = "Somebody else's words" });
        var plan = (await world.PostAsync("/api/flows/plan", new { deployment = "orders", inputs = new[] { new { id = "Ruiz" } } })).GetRawText();
        Assert.Contains("Dr.", plan, StringComparison.Ordinal);
        Assert.Contains("•••", plan, StringComparison.Ordinal);
        all.Append(plan);
        Assert.DoesNotContain(Birth, all.ToString(), StringComparison.Ordinal);
    }

    private sealed class Tape(StringBuilder lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }

        public void Dispose()
        {
        }
    }
}
