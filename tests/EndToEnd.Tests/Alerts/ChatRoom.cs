using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.EndToEnd.Tests.Alerts;

/// <summary>Takes webhooks, as a chat program does; can be down.</summary>
internal sealed class ChatRoom : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatRoom(WebApplication app) => _app = app;

    public bool IsDown { get; set; }

    public int Refused { get; private set; }

    public ConcurrentQueue<(string Body, string? Signature)> Messages { get; } = new();

    public Uri Address => new(new Uri(_app.Urls.First()), "/services/canary-chat-token");

    public static async Task<ChatRoom> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var room = new ChatRoom(app);
        app.MapPost("/services/canary-chat-token", room.TakeAsync);
        await app.StartAsync();
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        if (IsDown)
        {
            Refused++;
            return Results.StatusCode(503);
        }

        Messages.Enqueue((body, request.Headers["X-Flow-Signature"]));
        return Results.Text("ok");
    }
}
