using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>Stands before a simulator: takes planted secrets for the simulator's own, learns the tokens it hands out, and on demand says back everything it was told.</summary>
internal sealed class EchoingVendor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
    private readonly Uri _target;
    private readonly IReadOnlyDictionary<string, string> _planted;
    private readonly ConcurrentDictionary<string, bool> _tokens = new();
    private readonly StringBuilder _seen = new();
    private (Trouble Kind, Func<string, bool> Where)? _trouble;
    private int _struck;

    private EchoingVendor(WebApplication app, Uri target, IReadOnlyDictionary<string, string> planted) => (_app, _target, _planted) = (app, target, planted);

    public Uri Address => new(_app.Urls.First());

    /// <summary>Tokens and signed assertions that went through.</summary>
    public IReadOnlyCollection<string> Tokens => [.. _tokens.Keys];

    /// <summary>Calls that met the trouble.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Everything it was told.</summary>
    public string Seen
    {
        get { lock (_seen) return _seen.ToString(); }
    }

    /// <param name="target">The simulator.</param>
    /// <param name="planted">The simulator's own secret for each planted one.</param>
    public static async Task<EchoingVendor> StartAsync(Uri target, IReadOnlyDictionary<string, string> planted)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var vendor = new EchoingVendor(app, target, planted);
        app.Run(vendor.AnswerAsync);
        await app.StartAsync();
        return vendor;
    }

    /// <summary>From now on calls to these paths meet trouble; null ends it.</summary>
    public void Make(Trouble? kind, Func<string, bool> where)
    {
        Volatile.Write(ref _struck, 0);
        _trouble = kind is { } given ? (given, where) : null;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var body = Encoding.UTF8.GetString(memory.ToArray());
        var headers = string.Join('\n', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}"));
        var form = context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true
            ? body.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1])) : null;
        if (form?.GetValueOrDefault("assertion") is { } assertion) _tokens[assertion] = true;
        var everything = $"{headers}\n{body}\n{string.Join('\n', form?.Values ?? Enumerable.Empty<string>())}";
        lock (_seen) _seen.AppendLine(everything);
        if (_trouble is { } trouble && trouble.Where(context.Request.Path))
        {
            Interlocked.Increment(ref _struck);
            await MakeAsync(context, trouble.Kind, everything, body);
            return;
        }

        await ForwardAsync(context, body, form);
    }

    private async Task ForwardAsync(HttpContext context, string body, Dictionary<string, string>? form)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target, new Uri(context.Request.GetEncodedUrl()).PathAndQuery));
        if (form is not null) request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Key, Own(f.Value))));
        else if (body.Length > 0 || context.Request.ContentType is not null) request.Content = new StringContent(body, Encoding.UTF8);
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name is "Host" or "Content-Length" or "Accept-Encoding" or "Connection" or "Transfer-Encoding") continue;
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                if (form is not null) continue;
                request.Content?.Headers.Remove(name);
                request.Content?.Headers.TryAddWithoutValidation(name, value.ToString());
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, Own(value.ToString()));
            }
        }

        // Addresses in answers lead here again.
        request.Headers.Host = context.Request.Host.Value;
        using var answer = await _client.SendAsync(request, context.RequestAborted);
        var text = await answer.Content.ReadAsStringAsync(context.RequestAborted);
        Learn(text);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Content-Length")) context.Response.Headers.Append(name, values.ToArray());
        }

        if (text.Length > 0) await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private string Own(string value) => _planted.Aggregate(value, (text, secret) => text.Replace(secret.Key, secret.Value, StringComparison.Ordinal));

    private void Learn(string text)
    {
        if (!text.Contains("access_token", StringComparison.Ordinal)) return;
        using var document = JsonDocument.Parse(text);
        foreach (var name in (string[])["access_token", "refresh_token"])
        {
            if (document.RootElement.TryGetProperty(name, out var token)) _tokens[token.GetString()!] = true;
        }
    }

    private async Task MakeAsync(HttpContext context, Trouble kind, string everything, string body)
    {
        var salesforce = !context.Request.Path.Value!.Contains("/tenant/", StringComparison.Ordinal) && !context.Request.Path.Value.EndsWith("connect/token", StringComparison.Ordinal);
        var token = context.Request.Path.Value.EndsWith("/token", StringComparison.Ordinal);
        var line = everything.ReplaceLineEndings(" ");
        switch (kind)
        {
            case Trouble.Silent:
                await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
                return;
            case Trouble.Broken:
                context.Abort();
                return;
            case Trouble.Redirect:
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = "https://elsewhere.example/?sent=" + Uri.EscapeDataString(line);
                return;
            case Trouble.Page:
                await SendAsync(500, "text/html", $"<html>{everything}</html>");
                return;
            case Trouble.Cut:
                await SendAsync(200, "application/json", JsonSerializer.Serialize(new { message = everything })[..^3]);
                return;
            case Trouble.Refused or Trouble.Rejected when token:
                await SendAsync(400, "application/json", JsonSerializer.Serialize(new { error = "invalid_client", error_description = everything }));
                return;
            case Trouble.Rows:
                var rows = JsonDocument.Parse(body).RootElement.GetProperty("records").GetArrayLength();
                await SendAsync(200, "application/json", JsonSerializer.Serialize(Enumerable.Repeat(new { success = false, errors = new[] { new { statusCode = "FIELD_CUSTOM_VALIDATION_EXCEPTION", message = everything, fields = new[] { line } } } }, rows)));
                return;
            case Trouble.Rejected when context.Request.Path.Value.Contains("/Soap/", StringComparison.Ordinal):
                await SendAsync(500, "text/xml", $"<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><e:Fault><faultcode>sf:CANNOT_UPDATE</faultcode><faultstring>{WebUtility.HtmlEncode(everything)}</faultstring></e:Fault></e:Body></e:Envelope>");
                return;
            default:
                var status = kind == Trouble.Refused ? 401 : 400;
                if (kind == Trouble.Refused) context.Response.Headers.WWWAuthenticate = "Bearer realm=\"" + new string([.. line.Where(c => c is >= ' ' and < (char)127 and not '"')]) + "\"";
                await SendAsync(status, "application/json", salesforce
                    ? JsonSerializer.Serialize(new[] { new { errorCode = kind == Trouble.Refused ? "INVALID_SESSION_ID" : "STRING_TOO_LONG", message = everything, fields = new[] { line } } })
                    : JsonSerializer.Serialize(new { type = "about:blank", title = everything, status, traceId = line, errors = new Dictionary<string, string[]> { [line] = [everything] } }));
                return;
        }

        async Task SendAsync(int code, string type, string text)
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }
}
