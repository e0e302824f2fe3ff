using System.Net;
using System.Text;
using System.Text.Json;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>Gathers what an engine tells and leaves behind, and looks for secrets in it.</summary>
internal static class SecretSearch
{
    /// <summary>Everything the API tells: lists, and each thing of a list.</summary>
    public static async Task ReadAllAsync(HttpClient client, StringBuilder answers)
    {
        foreach (var path in (string[])
        [
            "/api/runs?limit=200", "/api/dead-letters?state=all&limit=200", "/api/dead-letters/groups", "/api/incidents?all=true", "/api/deployments", "/api/connections", "/api/connections/tenant", "/api/connections/org",
            "/api/doctor", "/api/workspace/export", "/api/audit", "/api/reviews?state=all", "/health/ready", "/metrics", "/api/catalog",
        ])
        {
            var text = await TextAsync(path);
            if (!path.StartsWith("/api/runs", StringComparison.Ordinal) && !path.StartsWith("/api/dead-letters?", StringComparison.Ordinal)) continue;
            using var list = JsonDocument.Parse(text);
            Assert.NotEqual(0, list.RootElement.GetProperty("data").GetArrayLength());
            foreach (var row in list.RootElement.GetProperty("data").EnumerateArray()) await TextAsync($"{path[..path.IndexOf('?')]}/{row.GetProperty("id")}");
        }

        using var run = await client.PostAsync(new Uri("/api/connections/org/test", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"));
        answers.AppendLine(await run.Content.ReadAsStringAsync());

        async Task<string> TextAsync(string path)
        {
            using var answer = await GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{path}: {(int)answer.StatusCode} {text}");
            answers.AppendLine(text).AppendLine(answer.Headers.ToString());
            return text;
        }

        async Task<HttpResponseMessage> GetAsync(string path)
        {
            try
            {
                return await client.GetAsync(new Uri(path, UriKind.Relative));
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{path} was not answered.", e);
            }
        }
    }

    /// <summary>Fails when one of the secrets is in a text, in any of the forms it may take.</summary>
    public static void InText(string place, string text, string[] secrets)
    {
        foreach (var secret in secrets)
        {
            foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1], Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')[..^1]])
            {
                var at = text.IndexOf(form, StringComparison.Ordinal);
                if (at >= 0) Assert.Fail($"{place} hold {secret}: …{text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]}…");
            }
        }
    }
}
