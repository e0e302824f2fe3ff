using Google.Protobuf;
using Grpc.Core;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Streams.Wire;
using CallHeaders = Grpc.Core.Metadata;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>One running subscription. A reader fills a bounded buffer in the background; the poll empties it.</summary>
internal sealed class ChangeStream : IAsyncDisposable
{
    // The vendor lets at most a hundred events be outstanding.
    private const int MostRequested = 100;
    private const int MostBuffered = 2_000;

    private readonly AsyncDuplexStreamingCall<FetchRequest, FetchResponse> _call;
    private readonly EventDecoders _decoders;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Queue<(ChangeEvent? Event, string Replay)> _buffer = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _reading;
    private bool _begun;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChangeStream(AsyncDuplexStreamingCall<FetchRequest, FetchResponse> call, EventDecoders decoders, TimeProvider time)
    {
        (_call, _decoders, _time) = (call, decoders, time);
        _reading = ReadAsync();
    }

    /// <summary>The place of the last event handed out; null before the first.</summary>
    public string? Place { get; private set; }

    /// <summary>When the vendor last said that nothing happened up to <see cref="Place"/>; null when it has not.</summary>
    public DateTimeOffset? QuietSince { get; private set; }

    /// <summary>The vendor has answered the subscription: from here on all that changes comes by it.</summary>
    public bool HasBegun
    {
        get { lock (_lock) return _begun; }
    }

    /// <summary>Everything before the subscription's beginning has been looked for.</summary>
    public bool CaughtUp { get; set; }

    /// <summary>The look back that is under way started behind the subscription's beginning.</summary>
    public bool BegunBeforeLook { get; set; }

    /// <summary>When to look back again while the vendor has not answered.</summary>
    public DateTimeOffset NextLook { get; set; }

    /// <summary>Why the stream ended; null while it runs.</summary>
    public StreamFault? Fault { get; private set; }

    /// <summary>True when it has ended and nothing is left to hand out.</summary>
    public bool IsOver
    {
        get { lock (_lock) return _reading.IsCompleted && _buffer.Count == 0; }
    }

    /// <summary>Begins behind a place, or with the newest when there is none.</summary>
    public static async Task<ChangeStream> OpenAsync(PubSub.PubSubClient client, CallHeaders headers, string topic, string? place, EventDecoders decoders, TimeProvider time, CancellationToken cancellationToken)
    {
        var call = client.Subscribe(headers, cancellationToken: CancellationToken.None);
        try
        {
            var first = new FetchRequest { TopicName = topic, NumRequested = MostRequested, ReplayPreset = place is null ? ReplayPreset.Latest : ReplayPreset.Custom };
            if (place is not null) first.ReplayId = ByteString.FromBase64(place);
            await call.RequestStream.WriteAsync(first, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The vendor has ended the call before it was told what is wanted: reading tells why.
        }
        catch
        {
            call.Dispose();
            throw;
        }

        return new ChangeStream(call, decoders, time) { Place = place };
    }

    /// <summary>Waits until something can be taken, the stream has ended, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        Task arrived;
        lock (_lock)
        {
            if (_buffer.Count > 0 || _reading.IsCompleted) return;
            arrived = _arrived.Task;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(arrived, _reading, Task.Delay(most, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Takes what has arrived, at most so many; a keep-alive is a place without an event.</summary>
    public IReadOnlyList<(ChangeEvent? Event, string Replay)> Take(int most)
    {
        lock (_lock)
        {
            var taken = new List<(ChangeEvent? Event, string Replay)>(Math.Min(most, _buffer.Count));
            while (taken.Count < most && _buffer.TryDequeue(out var next)) taken.Add(next);
            if (taken.Count > 0) Place = taken[^1].Replay;
            if (_buffer.Count < MostBuffered)
            {
                _drained.TrySetResult();
                _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _call.Dispose();
        await _reading.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        // Leaves the constructor before anything else runs.
        await Task.Yield();
        try
        {
            while (await _call.ResponseStream.MoveNext(_closing.Token).ConfigureAwait(false))
            {
                var response = _call.ResponseStream.Current;
                var read = new List<(ChangeEvent? Event, string Replay)>(response.Events.Count);
                foreach (var item in response.Events)
                {
                    var decoder = await _decoders.GetAsync(item.Event.SchemaId, _closing.Token).ConfigureAwait(false);
                    read.Add((decoder.Read(item.Event.Payload.ToByteArray()), item.ReplayId.ToBase64()));
                }

                if (response.Events.Count == 0 && response.LatestReplayId.Length > 0)
                {
                    read.Add((null, response.LatestReplayId.ToBase64()));
                    QuietSince = _time.GetUtcNow();
                }

                Task? full = null;
                lock (_lock)
                {
                    _begun = true;
                    foreach (var item in read) _buffer.Enqueue(item);
                    if (_buffer.Count >= MostBuffered) full = _drained.Task;
                    _arrived.TrySetResult();
                    _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                if (full is not null) await full.WaitAsync(_closing.Token).ConfigureAwait(false);
                // Asked before the vendor's minute of patience begins.
                if (response.PendingNumRequested < MostRequested / 2)
                {
                    await _call.RequestStream.WriteAsync(new FetchRequest { NumRequested = MostRequested - response.PendingNumRequested }, _closing.Token).ConfigureAwait(false);
                }
            }

            Fault = StreamFault.Of(new RpcException(new Status(StatusCode.Unavailable, "Salesforce has ended the subscription.")));
        }
        catch (RpcException failure)
        {
            Fault = StreamFault.Of(failure);
        }
        catch (Exception e) when (e is RecordFormatException or FormatException)
        {
            // Going on would lose the event: the place stays before it, and the look back finds its record.
            Fault = new StreamFault(new Abstractions.OperationError(Abstractions.ErrorKind.Transient, "malformed", e.Message) { NotExecuted = true }, LostPlace: true, Exhausted: false, Unauthorized: false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fault = StreamFault.Of(new RpcException(new Status(StatusCode.Unavailable, "The subscription was broken off.")));
        }
        finally
        {
            lock (_lock) _arrived.TrySetResult();
        }
    }
}
