using Google.Protobuf;
using Grpc.Core;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Salesforce.PubSub.Wire;

namespace WorkflowEngine.Simulators.Salesforce.PubSub;

/// <summary>The event service: topics, schemas, subscriptions with flow control, keep-alives and idle close.</summary>
internal sealed class PubSubService(SalesforceSimulator simulator) : Wire.PubSub.PubSubBase
{
    private const int MostOutstanding = 100;
    private const string Codes = "sfdc.platform.eventbus.grpc.";
    private static readonly TimeSpan IdleClose = TimeSpan.FromSeconds(60);

    private static int _rpc;

    public override Task<TopicInfo> GetTopic(TopicRequest request, ServerCallContext context)
    {
        lock (simulator.Gate)
        {
            Authorize(context);
            return simulator.Events.TryTopic(request.TopicName, out var definition)
                ? Task.FromResult(new TopicInfo
                {
                    TopicName = request.TopicName, TenantGuid = simulator.OrganizationId, CanSubscribe = true, RpcId = Rpc(),
                    SchemaId = definition is null ? "" : simulator.Events.SchemaOf(definition).Id,
                })
                : throw Fault(StatusCode.NotFound, "service.topic.not.found", $"The topic {request.TopicName} does not exist.");
        }
    }

    public override Task<SchemaInfo> GetSchema(SchemaRequest request, ServerCallContext context)
    {
        lock (simulator.Gate)
        {
            Authorize(context);
            return simulator.Events.Schema(request.SchemaId) is { } schema
                ? Task.FromResult(new SchemaInfo { SchemaId = schema.Id, SchemaJson = schema.Text, RpcId = Rpc() })
                : throw Fault(StatusCode.NotFound, "service.schema.not.found", "The schema does not exist.");
        }
    }

    public override async Task Subscribe(IAsyncStreamReader<FetchRequest> requestStream, IServerStreamWriter<FetchResponse> responseStream, ServerCallContext context)
    {
        lock (simulator.Gate)
        {
            Authorize(context);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, simulator.Stopping);
        var stop = ending.Token;
        await StrikeAsync(context, stop);
        if (!await requestStream.MoveNext(stop))
        {
            return;
        }

        var subscription = Begin(requestStream.Current);
        var reading = ReadAsync(requestStream, subscription, stop);
        while (!stop.IsCancellationRequested)
        {
            IReadOnlyList<KeptEvent> batch;
            Task changed, asked;
            long last;
            lock (simulator.Gate)
            {
                batch = simulator.Events.After(subscription.Position, subscription.Entity, subscription.Pending);
                (changed, asked, last) = (simulator.Events.Changed, subscription.Asked.Task, simulator.Events.Last);
                subscription.Pending -= batch.Count;
            }

            if (batch.Count > 0)
            {
                subscription.Position = batch[^1].Replay;
                await responseStream.WriteAsync(Response(batch, subscription.Position, subscription.Pending), stop);
                continue;
            }

            if (reading.IsCompleted)
            {
                await reading;
                return;
            }

            var idle = subscription.Pending == 0;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var timer = Task.Delay(idle ? IdleClose : simulator.Options.PubSubKeepAlive, simulator.Clock, waiting.Token);
            var first = await Task.WhenAny(changed, asked, reading, timer);
            await waiting.CancelAsync();
            if (first != timer || stop.IsCancellationRequested)
            {
                continue;
            }

            if (idle)
            {
                // Nobody asks for more: the stream ends.
                return;
            }

            // Nothing has happened up to here: the newest id of all is a place to go on from.
            lock (simulator.Gate)
            {
                if (simulator.Events.After(subscription.Position, subscription.Entity, 1).Count > 0)
                {
                    continue;
                }

                subscription.Position = last;
            }

            await responseStream.WriteAsync(Response([], last, subscription.Pending), stop);
        }
    }

    /// <summary>The switchboard's faults, as this service tells them; what has no counterpart here is an outage.</summary>
    private async Task StrikeAsync(ServerCallContext context, CancellationToken stop)
    {
        var faults = simulator.Faults.Decide("POST", context.Method, isToken: false);
        if (faults.Find(FaultKind.Slow) is { } slow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(slow.DelayMs ?? 1_000), simulator.Clock, stop);
        }

        if (faults.Instead is { } instead)
        {
            throw instead.Kind switch
            {
                FaultKind.ExpiredToken => Fault(StatusCode.Unauthenticated, "service.auth.error", "Authentication exception occurred."),
                FaultKind.RateLimited or FaultKind.Quota => Fault(StatusCode.ResourceExhausted, "subscription.limit.exceeded", "You have exceeded the event delivery limit for your org."),
                _ => Fault(StatusCode.Unavailable, "service.unavailable", instead.Message ?? "The service is unavailable."),
            };
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<FetchRequest> requests, Subscription subscription, CancellationToken stop)
    {
        try
        {
            while (await requests.MoveNext(stop))
            {
                var request = requests.Current;
                if (request.TopicName.Length > 0 && request.TopicName != subscription.Topic)
                {
                    throw Fault(StatusCode.InvalidArgument, "subscription.fetch.topic.changed", "The topic of a subscription cannot be changed.");
                }

                lock (simulator.Gate)
                {
                    subscription.Ask(request.NumRequested);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The call or the simulator ends.
        }
        catch (IOException)
        {
            // The client is gone.
        }
    }

    private Subscription Begin(FetchRequest request)
    {
        lock (simulator.Gate)
        {
            var bus = simulator.Events;
            if (!bus.TryTopic(request.TopicName, out var definition))
            {
                throw Fault(StatusCode.NotFound, "service.topic.not.found", $"The topic {request.TopicName} does not exist.");
            }

            if (request.NumRequested <= 0)
            {
                throw Fault(StatusCode.InvalidArgument, "subscription.fetch.requested.invalid", "num_requested must be greater than 0.");
            }

            var position = request.ReplayPreset switch
            {
                ReplayPreset.Earliest => bus.Earliest(),
                ReplayPreset.Custom => bus.Knows(request.ReplayId.Span, out var replay) ? replay
                    : throw Fault(StatusCode.InvalidArgument, "subscription.fetch.replayid.validation.failed", "The Replay ID validation failed. Ensure that the Replay ID is valid."),
                _ => bus.Last,
            };
            var subscription = new Subscription(request.TopicName, definition?.Name) { Position = position };
            subscription.Ask(request.NumRequested);
            return subscription;
        }
    }

    private static FetchResponse Response(IReadOnlyList<KeptEvent> events, long latest, int pending)
    {
        var response = new FetchResponse { LatestReplayId = ByteString.CopyFrom(EventBus.Bytes(latest)), RpcId = Rpc(), PendingNumRequested = pending };
        response.Events.AddRange(events.Select(e => new ConsumerEvent
        {
            ReplayId = ByteString.CopyFrom(e.ReplayId),
            Event = new ProducerEvent { Id = Guid.CreateVersion7(e.At).ToString(), SchemaId = e.SchemaId, Payload = ByteString.CopyFrom(e.Payload) },
        }));
        return response;
    }

    private void Authorize(ServerCallContext context)
    {
        var token = context.RequestHeaders.GetValue("accesstoken");
        if (token is null || !simulator.IsSession(token) || context.RequestHeaders.GetValue("tenantid") != simulator.OrganizationId || context.RequestHeaders.GetValue("instanceurl") is null)
        {
            throw Fault(StatusCode.Unauthenticated, "service.auth.error", "Authentication exception occurred.");
        }
    }

    private static RpcException Fault(StatusCode status, string code, string message)
    {
        var rpc = Rpc();
        return new RpcException(new Status(status, $"{message} rpcId: {rpc}"), new Metadata { { "error-code", Codes + code }, { "rpc-id", rpc } });
    }

    private static string Rpc() => $"sim-{Interlocked.Increment(ref _rpc)}";

    private sealed class Subscription(string topic, string? entity)
    {
        public string Topic => topic;

        public string? Entity => entity;

        public long Position { get; set; }

        public int Pending { get; set; }

        public TaskCompletionSource Asked { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Requests add up, to at most a hundred events outstanding.</summary>
        public void Ask(int events)
        {
            Pending = Math.Min(MostOutstanding, Pending + Math.Max(0, events));
            Asked.TrySetResult();
            Asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
