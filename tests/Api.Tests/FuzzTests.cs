using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WorkflowEngine.Api.Tests;

/// <summary>Random and mutated requests to every endpoint of the OpenAPI document: never a 500, never silence. FLOW_FUZZ says how many (default 1,500).</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long MostGrowth = 64L * 1024 * 1024;

    private static readonly string[] Texts =
    [
        "", " ", "a", "orders", "org", "salesforce", "Account", "\0", "\u0001", "\ud800", "é😀", "../../etc/passwd", "%2e%2e", "'; DROP TABLE run; --", "{{x}}", "=input.name", "=1+", "=(((((", "null", "-1", "0",
        "99999999999999999999", "1e400", "2026-13-45", "2026-01-01T00:00:00Z", "*", "\"1\"", "new:Account:1", "flow: x\nsteps: []", "flow: [", "&a *a", "a: b: c", new string('x', 5_000), "\r\nX-Injected: 1",
    ];

    [Fact]
    public async Task No_request_makes_the_server_fail()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLOW_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : 1_500;
        await using var world = await ApiWorld.StartAsync();
        (await world.HookAsync("""{ "id": "1", "name": "Ruiz" }""")).Dispose();
        var document = await world.GetAsync("/openapi/v1.json");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Where(o => o.Value.ValueKind == JsonValueKind.Object).Select(o => (Path: p.Name, Method: o.Name, Operation: o.Value)))
            .Where(o => !o.Path.EndsWith("/live", StringComparison.Ordinal)).ToList();
        var random = new Random(4711);
        var wrong = new List<string>();
        long warm = 0;
        for (var i = 0; i < count && wrong.Count < 10; i++)
        {
            if (i == count / 5) warm = GC.GetTotalMemory(forceFullCollection: true);
            var (path, method, operation) = operations[i % operations.Count];
            using var request = Make(random, path, method, operation, document);
            if (request is null) continue;
            var told = $"#{i} {request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())}";
            using var answer = await world.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode == 500 || (int)answer.StatusCode > 503) wrong.Add($"{(int)answer.StatusCode} {told[..Math.Min(told.Length, 700)]}");
            else if ((int)answer.StatusCode == 414)
            {
                // The web server itself refuses a line that is too long, before anything of ours runs.
            }
            else if ((int)answer.StatusCode >= 400 && answer.Content.Headers.ContentType?.MediaType != "application/problem+json" && !text.Contains("\"missing\"", StringComparison.Ordinal))
            {
                wrong.Add($"{(int)answer.StatusCode} is no problem document: {told[..Math.Min(told.Length, 300)]} -> {text[..Math.Min(text.Length, 200)]}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        var end = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine($"{count} requests over {operations.Count} operations; heap {warm / 1_048_576.0:0.0} MB after a fifth, {end / 1_048_576.0:0.0} MB at the end");
        Assert.True(end < warm + MostGrowth, $"The heap grew from {warm} to {end} bytes.");
        Assert.Equal("live", (await world.GetAsync("/health/live")).GetProperty("status").GetString());
    }

    private static HttpRequestMessage? Make(Random random, string path, string method, JsonElement operation, JsonElement document)
    {
        var query = new StringBuilder();
        foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToList() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            // The web server itself refuses a zero in a path, before anything of ours runs.
            var value = Uri.EscapeDataString(Clean(Text(random)).Replace("\0", "", StringComparison.Ordinal));
            if (parameter.GetProperty("in").GetString() == "path") path = path.Replace("{" + name + "}", random.Next(3) == 0 ? "orders" : value.Length == 0 ? "x" : value, StringComparison.Ordinal);
            else if (random.Next(2) == 0) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(random.Next(3) == 0 ? "true" : value);
        }

        if (!Uri.TryCreate(path + query, UriKind.Relative, out var address)) return null;
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address);
        if (random.Next(3) == 0) request.Headers.TryAddWithoutValidation("If-Match", random.Next(2) == 0 ? "\"1\"" : "x");
        if (random.Next(4) == 0) request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        if (method is "get" or "delete" && random.Next(10) != 0) return request;
        var schema = operation.TryGetProperty("requestBody", out var body) && body.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json) ? json.GetProperty("schema") : default;
        var text = schema.ValueKind == JsonValueKind.Object ? Value(random, schema, document, 0)?.ToJsonString() ?? "null" : Any(random, 0)?.ToJsonString() ?? "null";
        request.Content = new StringContent(random.Next(6) == 0 ? Mutate(random, text) : text, Encoding.UTF8, random.Next(20) == 0 ? "text/plain" : "application/json");
        return request;
    }

    private static JsonNode? Value(Random random, JsonElement schema, JsonElement document, int depth)
    {
        if (depth > 6 || random.Next(12) == 0) return Any(random, depth);
        if (schema.TryGetProperty("$ref", out var reference)) return Value(random, document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), document, depth);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var list = choices.EnumerateArray().ToList();
            return Value(random, list[random.Next(list.Count)], document, depth);
        }

        var type = !schema.TryGetProperty("type", out var t) ? "" : t.ValueKind == JsonValueKind.Array ? t[random.Next(t.GetArrayLength())].GetString() : t.GetString();
        switch (type)
        {
            case "object":
                var record = new JsonObject();
                if (schema.TryGetProperty("properties", out var properties))
                {
                    foreach (var property in properties.EnumerateObject()) if (random.Next(5) != 0) record[property.Name] = Value(random, property.Value, document, depth + 1);
                }
                else if (schema.TryGetProperty("additionalProperties", out var inner) && inner.ValueKind == JsonValueKind.Object)
                {
                    for (var i = random.Next(3); i > 0; i--) record[Clean(Text(random))] = Value(random, inner, document, depth + 1);
                }

                return record;
            case "array":
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => schema.TryGetProperty("items", out var item) ? Value(random, item, document, depth + 1) : Any(random, depth + 1))]);
            case "integer":
            case "number":
                return JsonValue.Create(random.Next(4) switch { 0 => -1, 1 => int.MaxValue, 2 => 0, _ => random.Next(300) });
            case "boolean":
                return random.Next(2) == 0;
            case "null":
                return null;
            case "string":
                return Clean(Text(random));
            default:
                return Any(random, depth);
        }
    }

    private static JsonNode? Any(Random random, int depth) => random.Next(depth > 4 ? 5 : 7) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => JsonValue.Create(random.NextDouble() * 1e12),
        3 or 4 => Clean(Text(random)),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Any(random, depth + 1))]),
        _ => new JsonObject([.. Enumerable.Range(0, random.Next(3)).Select(i => KeyValuePair.Create("k" + i, Any(random, depth + 1)))]),
    };

    private static string Mutate(Random random, string text)
    {
        if (text.Length == 0) return text;
        var at = random.Next(text.Length);
        return random.Next(4) switch { 0 => text[..at], 1 => text.Insert(at, "\\u0000"), 2 => text.Insert(at, "\ud83d"), _ => text.Remove(at, 1) };
    }

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>Half a surrogate cannot be sent as UTF-8 by the client itself; inside JSON it is tried by mutation.</summary>
    private static string Clean(string text) => text.Replace("\ud800", "\ufffd", StringComparison.Ordinal);
}
