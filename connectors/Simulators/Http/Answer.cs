using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WorkflowEngine.Simulators.Http;

/// <summary>One HTTP answer, complete before anything is sent, so that a fault can still take it away.</summary>
internal sealed record Answer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public Answer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };

    public static Answer Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            write(writer);
        }

        return new Answer(status, "application/json;charset=UTF-8", buffer.WrittenMemory);
    }

    public static Answer Text(int status, string body, string contentType) => new(status, contentType, Encoding.UTF8.GetBytes(body));

    public static Answer Empty(int status) => new(status, null, default);
}
