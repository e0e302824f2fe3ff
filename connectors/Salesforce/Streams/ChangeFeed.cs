using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Sources;
using WorkflowEngine.Salesforce.Streams.Wire;
using CallHeaders = Grpc.Core.Metadata;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>
/// The feed of changes by change events. Its place is a replay id with a stamp beside it: a lost id, a gap without names or a used-up allowance falls back to
/// the poll from the stamp, so nothing depends on the stream but speed.
/// </summary>
internal sealed class ChangeFeed : IAsyncDisposable
{
    private const string Prefix = "replay ";
    private const int MostRows = 500;
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterExhaustion = TimeSpan.FromMinutes(10);

    // A vendor where nothing happens answers a new subscription after minutes only.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private readonly SalesforceSettings _settings;
    private readonly AccessTokens _tokens;
    private readonly SecretScrubber _scrubber;
    private readonly ICallGate _gate;
    private readonly ModifiedPoll _poll;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;
    private readonly PubSub.PubSubClient _client;
    private readonly EventDecoders _decoders;
    private readonly ConcurrentDictionary<string, ChangeStream> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);
    private DateTimeOffset _pollUntil = DateTimeOffset.MinValue;

    public ChangeFeed(SalesforceSettings settings, AccessTokens tokens, SecretScrubber scrubber, ICallGate gate, ModifiedPoll poll, TimeProvider time)
    {
        (_settings, _tokens, _scrubber, _gate, _poll, _time) = (settings, tokens, scrubber, gate, poll, time);
        _channel = GrpcChannel.ForAddress(settings.PubSubAddress, new GrpcChannelOptions { HttpHandler = new ScrubbedAnswers(Transport(settings), scrubber), DisposeHttpClient = true, MaxReceiveMessageSize = 8 * 1024 * 1024 });
        _client = new PubSub.PubSubClient(_channel);
        _decoders = new EventDecoders(SchemaAsync);
    }

    public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() < _pollUntil || !Soql.SoqlName.IsName(request.Entity)) return await _poll.PollAsync(request, cancellationToken).ConfigureAwait(false);
        var place = request.Cursor.Token is { } token && token.StartsWith(Prefix, StringComparison.Ordinal) ? token[Prefix.Length..] : null;
        var opened = await StreamAsync(request, place, cancellationToken).ConfigureAwait(false);
        if (opened.Error is { } failed) return failed;
        var stream = opened.Value!;
        if (!stream.CaughtUp) return await LookBackAsync(request, stream, cancellationToken).ConfigureAwait(false);

        await stream.WaitAsync(LongPoll, cancellationToken).ConfigureAwait(false);
        var taken = stream.Take(MostRows);
        if (taken.Count > 0) _refused.TryRemove(request.Entity, out _);
        if (taken.Count == 0 && stream.IsOver) return await OverAsync(request, stream, cancellationToken).ConfigureAwait(false);
        return Page(request, stream, taken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams.Values) await stream.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
    }

    private SourcePage Page(PollRequest request, ChangeStream stream, IReadOnlyList<(ChangeEvent? Event, string Replay)> taken)
    {
        var rows = new List<SourceRow>();
        var stamp = request.Cursor.HighWater;
        var lookBack = false;
        foreach (var (change, replay) in taken)
        {
            if (change is null)
            {
                // Nothing happened up to here.
                stamp = Later(stamp, stream.QuietSince - _settings.PollOverlap);
                continue;
            }

            if (change.NeedsLookBack) lookBack = true;
            else if (!change.IsDelete && !change.ChangesNothing) rows.AddRange(change.RecordIds.Where(SalesforceIds.HasShape).Select(id => new SourceRow { RecordId = SalesforceIds.Long(id), Stamp = replay }));
            if (!lookBack) stamp = Later(stamp, change.CommittedAt - _settings.PollOverlap);
        }

        // The stamp has not passed the gap: looking back from it finds what was missed.
        if (lookBack) stream.CaughtUp = false;
        var token = stream.Place is { } place ? Prefix + place : null;
        return new SourcePage { Rows = rows, Cursor = new SourceCursor(token, stamp), HasMore = lookBack || taken.Count == MostRows, Pause = TimeSpan.Zero };
    }

    /// <summary>
    /// Polls from the stamp while the stream already collects: what happens meanwhile is in both, and is known again by its content. Where the newest begins is decided when the vendor takes the
    /// subscription, not when it is sent: only a look that began after its first answer meets it without a gap.
    /// </summary>
    private async Task<Outcome<SourcePage>> LookBackAsync(PollRequest request, ChangeStream stream, CancellationToken cancellationToken)
    {
        var goesOn = request.Cursor.Token is { } token && !token.StartsWith(Prefix, StringComparison.Ordinal);
        if (!goesOn)
        {
            if (!stream.HasBegun && _time.GetUtcNow() < stream.NextLook)
            {
                await stream.WaitAsync(LongPoll, cancellationToken).ConfigureAwait(false);
                if (stream.IsOver) return await OverAsync(request, stream, cancellationToken).ConfigureAwait(false);
                if (!stream.HasBegun) return new SourcePage { Rows = [], Cursor = request.Cursor, Pause = TimeSpan.Zero };
            }

            stream.BegunBeforeLook = stream.HasBegun;
        }

        var outcome = await _poll.PollAsync(request, cancellationToken).ConfigureAwait(false);
        if (outcome.Error is not null || outcome.Value!.HasMore) return outcome;
        stream.CaughtUp = stream.BegunBeforeLook;
        stream.NextLook = _time.GetUtcNow() + BetweenLooks;
        var page = outcome.Value!;
        if (!stream.CaughtUp) return page with { HasMore = true };
        return page with { Cursor = page.Cursor with { Token = stream.Place is { } place ? Prefix + place : null }, HasMore = true };
    }

    private async Task<Outcome<SourcePage>> OverAsync(PollRequest request, ChangeStream stream, CancellationToken cancellationToken)
    {
        _streams.TryRemove(request.Entity, out _);
        await stream.DisposeAsync().ConfigureAwait(false);
        var fault = stream.Fault!;
        if (fault.Unauthorized && await _tokens.GetAsync(request.Priority, cancellationToken).ConfigureAwait(false) is { Succeeded: true } known) _tokens.Refuse(known.Value);
        if (fault.Exhausted) _pollUntil = _time.GetUtcNow() + AfterExhaustion;
        // The place means nothing any more; the stamp does.
        if (fault.LostPlace || fault.Exhausted) return new SourcePage { Rows = [], Cursor = request.Cursor with { Token = null }, HasMore = true };
        // A token that ended is renewed once; a refusal of the new one is the connection's trouble.
        return fault.Unauthorized && _refused.TryAdd(request.Entity, true) ? new SourcePage { Rows = [], Cursor = request.Cursor, HasMore = true } : _scrubber.Scrub(fault.Error);
    }

    private async Task<Outcome<ChangeStream>> StreamAsync(PollRequest request, string? place, CancellationToken cancellationToken)
    {
        if (_streams.TryGetValue(request.Entity, out var running))
        {
            // While it looks back the place is not the engine's yet.
            if (running.Place == place || !running.CaughtUp) return running;
            _streams.TryRemove(request.Entity, out _);
            await running.DisposeAsync().ConfigureAwait(false);
        }

        var token = await _tokens.GetAsync(request.Priority, cancellationToken).ConfigureAwait(false);
        if (token.Error is { } refused) return refused;
        if (Headers(token.Value!) is not { } headers) return new OperationError(ErrorKind.Misconfigured, "malformed", "The token's answer names no org.") { NotExecuted = true };
        // A subscription is one call, however long it lasts.
        if (await _gate.EnterAsync(request.Priority, cancellationToken).ConfigureAwait(false) is { } noRoom) return noRoom;
        try
        {
            var stream = await ChangeStream.OpenAsync(_client, headers, Topic(request.Entity), place, _decoders, _time, cancellationToken).ConfigureAwait(false);
            stream.CaughtUp = place is not null;
            _streams[request.Entity] = stream;
            return stream;
        }
        catch (FormatException)
        {
            return new OperationError(ErrorKind.Bug, "cursor", "The cursor's replay id is no base64.") { NotExecuted = true };
        }
    }

    private async Task<string> SchemaAsync(string id, CancellationToken cancellationToken)
    {
        var token = await _tokens.GetAsync(CallPriority.Live, cancellationToken).ConfigureAwait(false);
        if (token.Error is { } error || Headers(token.Value!) is not { } headers) throw new RpcException(new Status(StatusCode.Unauthenticated, token.Error?.Message ?? "The token's answer names no org."));
        if (await _gate.EnterAsync(CallPriority.Live, cancellationToken).ConfigureAwait(false) is { } noRoom) throw new RpcException(new Status(StatusCode.Unavailable, noRoom.Message));
        return (await _client.GetSchemaAsync(new SchemaRequest { SchemaId = id }, headers, cancellationToken: cancellationToken).ConfigureAwait(false)).SchemaJson;
    }

    private CallHeaders? Headers(AccessToken token) => SalesforceToken.Org(token) is { } org && SalesforceToken.Instance(token, _settings) is { } instance
        ? new CallHeaders { { "accesstoken", token.Value }, { "instanceurl", instance.GetLeftPart(UriPartial.Authority) }, { "tenantid", org } }
        : null;

    private static string Topic(string entity) => entity.EndsWith("__c", StringComparison.Ordinal) ? $"/data/{entity[..^3]}__ChangeEvent" : $"/data/{entity}ChangeEvent";

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b ?? a : a;

    private static SocketsHttpHandler Transport(SalesforceSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = (context, cancellationToken) => OutboundAddress.ConnectAsync(context.DnsEndPoint, settings.AllowPrivate, cancellationToken),
        };
        if (settings.PubSubCertificate.Length == 0) return handler;
        // Beside the usual authorities this one is trusted, for this connection alone.
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(settings.PubSubCertificate));
        return handler;
    }
}
