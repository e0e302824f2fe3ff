using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Designer.Tests;

/// <summary>A draft as the API has it: what the designer really saved.</summary>
internal static partial class FlowDraft
{
    public const string Template = "customer-to-salesforce";

    /// <summary>A new draft with the template's flow, under a name of its own so that tests do not meet.</summary>
    public static async Task<string> CreateAsync(HttpClient api, string id, Func<string, string>? change = null)
    {
        var template = await api.GetFromJsonAsync<JsonElement>($"/api/templates/{Template}");
        var content = template.GetProperty("files").EnumerateArray().First(f => f.GetProperty("path").GetString() == "flow.yaml").GetProperty("content").GetString()!;
        content = change?.Invoke(content) ?? content;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/drafts/{id}")
        {
            Content = JsonContent.Create(new { title = id, template = (string?)null, templateHash = (string?)null, files = new[] { new { path = "flow.yaml", content } } }),
        };
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var answer = await api.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return content;
    }

    /// <summary>Two versions of a flow, the second with a lookup more; their files, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> PublishAsync(HttpClient api, string id)
    {
        var template = await api.GetFromJsonAsync<JsonElement>($"/api/templates/{Template}");
        var first = template.GetProperty("files").EnumerateArray().First(f => f.GetProperty("path").GetString() == "flow.yaml").GetProperty("content").GetString()!.Replace(Template, id, StringComparison.Ordinal);
        var second = TemplateVersion().Replace(first, "version: 9.0.0", 1)
            .Replace("  - id: sites\n", "  - id: extra\n    lookup: salesforce/Opportunity\n    where: { AccountId: =account?.id }\n    orElse: none\n\n  - id: sites\n", StringComparison.Ordinal);
        foreach (var (content, note) in new[] { (first, "as it is shipped"), (second, "an opportunity is looked for") })
        {
            using var answer = await api.PutAsJsonAsync($"/api/templates/{id}", new { files = new[] { new { path = "flow.yaml", content } }, note });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        return [first, second];
    }

    [GeneratedRegex(@"version: [\d.]+")]
    private static partial Regex TemplateVersion();

    public static async Task<string> ReadAsync(HttpClient api, string id)
    {
        var draft = await api.GetFromJsonAsync<JsonElement>($"/api/drafts/{id}");
        return draft.GetProperty("files")[0].GetProperty("content").GetString()!;
    }

    /// <summary>Lines that are not the same, old beside new.</summary>
    public static IReadOnlyList<(string Before, string After)> Changed(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        return [.. Enumerable.Range(0, Math.Max(old.Length, now.Length)).Select(i => (old.ElementAtOrDefault(i) ?? "", now.ElementAtOrDefault(i) ?? "")).Where(p => p.Item1 != p.Item2)];
    }
}
