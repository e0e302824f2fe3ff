using System.Buffers;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>The general operation: one request, described by the <c>wire</c> part of the operation in its entity's catalogue file.</summary>
internal sealed class CallAction(OperationWire wire) : ICallOperation
{
    private static readonly RecordWriter Values = new(new WireRules { DaysAreMidnights = true });

    public async Task<Outcome<IReadOnlyDictionary<string, object?>>> CallAsync(Session session, OperationDescriptor operation, IReadOnlyDictionary<string, object?> with, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        var filled = WirePath.Fill(session, wire.Path, with);
        if (filled.Error is { } unfit) return unfit;
        var (path, used) = filled.Value;
        var written = Body(operation, with, used);
        if (written.Error is { } refused) return refused;
        using var body = written.Value!;
        tally.Add();
        var answer = await session.Caller.SendAsync(
            operation.Repeatable ? CallPurpose.RepeatableWrite : CallPurpose.Create,
            token => Send(session, path, body, priority, token),
            received => Read(operation, with, received),
            cancellationToken).ConfigureAwait(false);
        if (answer.Error is { Kind: ErrorKind.Rejected } && wire.Done is { } done && await WasDoneAsync(session, done, with, priority, tally, cancellationToken).ConfigureAwait(false)) return Given(operation, with);
        return answer;
    }

    private Task<HttpResponseMessage> Send(Session session, string path, HttpContent body, CallPriority priority, CancellationToken cancellationToken) => wire.Verb switch
    {
        "PUT" => session.Api.PutAsync(path, body, priority, cancellationToken),
        "POST" => session.Api.PostAsync(path, body, priority, cancellationToken),
        "PATCH" => session.Api.PatchAsync(path, body, priority, cancellationToken),
        "DELETE" => session.Api.DeleteAsync(path, priority, cancellationToken),
        _ => throw new InvalidOperationException($"The catalogue names the verb {wire.Verb}."),
    };

    private Outcome<HttpContent> Body(OperationDescriptor operation, IReadOnlyDictionary<string, object?> with, IReadOnlySet<string> used)
    {
        if (wire.Empty || wire.Verb == "DELETE") return Outcome<HttpContent>.Of(new ByteArrayContent([]));
        var buffer = new ArrayBufferWriter<byte>(256);
        try
        {
            using var writer = new Utf8JsonWriter(buffer);
            writer.WriteStartObject();
            foreach (var input in operation.Input)
            {
                if (used.Contains(input.Name) || with.GetValueOrDefault(input.Name) is not { } value) continue;
                writer.WritePropertyName(wire.Names.GetValueOrDefault(input.Name, input.Name));
                Values.WriteValue(writer, value, input.Type, input.Name);
            }

            writer.WriteEndObject();
        }
        catch (RecordFormatException e)
        {
            return ServiceTitanErrors.Unfit(e.Message);
        }

        return RecordBody.Content(buffer.WrittenSpan);
    }

    // Many actions answer nothing: what was asked is what is known.
    private static Outcome<IReadOnlyDictionary<string, object?>> Read(OperationDescriptor operation, IReadOnlyDictionary<string, object?> with, RemoteAnswer answer)
    {
        var given = Given(operation, with);
        var body = answer.Body.Span.Trim(" \t\r\n"u8);
        // A new adjustment invoice is answered by its bare number.
        if (body is [>= (byte)'0' and <= (byte)'9', ..] && operation.Output is [var only]) return new Dictionary<string, object?> { [only.Name] = System.Text.Encoding.ASCII.GetString(body) };
        if (body is not [(byte)'{', ..]) return given;
        var record = new RecordReader(operation.Output).Read(answer.Body.Span);
        foreach (var (name, value) in given.Value!) record.TryAdd(name, value);
        return record;
    }

    private static Outcome<IReadOnlyDictionary<string, object?>> Given(OperationDescriptor operation, IReadOnlyDictionary<string, object?> with) =>
        operation.Output.Where(o => with.ContainsKey(o.Name)).ToDictionary(o => o.Name, o => with[o.Name]);

    private static async Task<bool> WasDoneAsync(Session session, DoneWire done, IReadOnlyDictionary<string, object?> with, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (session.Access(done.Entity) is not { } access || with.GetValueOrDefault("id")?.ToString() is not { } id) return false;
        tally.Add();
        var read = await ReadRecords.OneAsync(session, access, id, priority, cancellationToken).ConfigureAwait(false);
        return read.Value is [var record] && done.Shows.All(s => Same(record.GetValueOrDefault(s.Key), s.Value));
    }

    private static bool Same(object? value, JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.True => value is true,
        JsonValueKind.False => value is false,
        JsonValueKind.Null => value is null,
        _ => value as string == expected.GetString(),
    };
}
