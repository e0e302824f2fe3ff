using System.Buffers;
using System.Net;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using ResiliencePipeline = Polly.ResiliencePipeline;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Makes calls and turns every failure of the outside into a value. Throws only when the caller's own token is cancelled.</summary>
public sealed class RemoteCaller
{
    private readonly HttpConnectionOptions _options;
    private readonly HttpErrorClassifier _errors;
    private readonly ResiliencePipeline _retries;
    private long _calls;

    /// <summary>Made by <see cref="HttpConnectionFactory"/>.</summary>
    internal RemoteCaller(HttpConnectionOptions options, HttpErrorClassifier errors)
    {
        _options = options;
        _errors = errors;
        _retries = ShortRetries.Build(options.Context.Time, options.Context.Seed);
    }

    /// <summary>Calls made so far, repeats included; for <see cref="BatchAnswer{T}.Calls"/> count in the operation itself when calls run side by side.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Makes a call and reads its answer.</summary>
    /// <param name="purpose">What it does: only reads are repeated here.</param>
    /// <param name="send">Sends a fresh request; called again for a repeat. A Refit method that returns <see cref="HttpResponseMessage"/>.</param>
    /// <param name="parse">Turns the answer into a value; what it throws for a body that does not fit (<see cref="JsonException"/>, <see cref="RecordFormatException"/>, <see cref="FormatException"/>) becomes <c>malformed</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="accepts">Statuses other than 2xx that <paramref name="parse"/> understands; null = none.</param>
    /// <param name="timeout">The limit of one call; null = the connection's.</param>
    public async Task<Outcome<T>> SendAsync<T>(
        CallPurpose purpose,
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        Func<RemoteAnswer, Outcome<T>> parse,
        CancellationToken cancellationToken,
        Func<HttpStatusCode, bool>? accepts = null,
        TimeSpan? timeout = null)
    {
        return await RunAsync(purpose, token => OnceAsync(purpose, send, accepts, timeout, async (response, limit) => parse(await ReadWholeAsync(response, limit).ConfigureAwait(false)), token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call whose answer may be larger than memory should be: it is read as it comes, and the bound on whole answers does not hold.</summary>
    /// <param name="purpose">What it does: only reads are repeated here.</param>
    /// <param name="send">Sends a fresh request; called again for a repeat.</param>
    /// <param name="read">Reads the body of a success, anew for a repeat; bounds what it keeps. What it throws for a body that does not fit becomes <c>malformed</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="timeout">The limit of one call, reading included; null = the connection's.</param>
    public Task<Outcome<T>> StreamAsync<T>(
        CallPurpose purpose,
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        Func<HttpResponseMessage, Stream, CancellationToken, Task<Outcome<T>>> read,
        CancellationToken cancellationToken,
        TimeSpan? timeout = null) =>
        RunAsync(
            purpose,
            token => OnceAsync(
                purpose,
                send,
                null,
                timeout,
                async (response, limit) =>
                {
                    var body = await response.Content.ReadAsStreamAsync(limit).ConfigureAwait(false);
                    await using (body.ConfigureAwait(false)) return await read(response, body, limit).ConfigureAwait(false);
                },
                token),
            cancellationToken);

    /// <summary>Makes a call and gives back its answer as it is.</summary>
    public Task<Outcome<RemoteAnswer>> SendAsync(CallPurpose purpose, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken, Func<HttpStatusCode, bool>? accepts = null, TimeSpan? timeout = null) =>
        SendAsync(purpose, send, answer => Outcome<RemoteAnswer>.Of(answer), cancellationToken, accepts, timeout);

    private async Task<Outcome<T>> RunAsync<T>(CallPurpose purpose, Func<CancellationToken, Task<Outcome<T>>> once, CancellationToken cancellationToken)
    {
        if (purpose != CallPurpose.Read) return await once(cancellationToken).ConfigureAwait(false);
        var attempt = await _retries.ExecuteAsync(async token => (object)new ShortRetries.Attempt<T>(await once(token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        return ((ShortRetries.Attempt<T>)attempt).Outcome;
    }

    private async Task<Outcome<T>> OnceAsync<T>(
        CallPurpose purpose, Func<CancellationToken, Task<HttpResponseMessage>> send, Func<HttpStatusCode, bool>? accepts, TimeSpan? timeout, Func<HttpResponseMessage, CancellationToken, Task<Outcome<T>>> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        using var limit = new CancellationTokenSource(timeout ?? _options.Timeout, _options.Context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await send(both.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode && accepts?.Invoke(response.StatusCode) != true) return _errors.OfAnswer(await ReadWholeAsync(response, both.Token).ConfigureAwait(false), purpose);
            return await read(response, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (response is not null && e is (JsonException or RecordFormatException or FormatException))
        {
            // The texts of JSON exceptions name a position, never a value.
            return _errors.Malformed(response.StatusCode, e is JsonException json ? $"no valid JSON at line {json.LineNumber}, byte {json.BytePositionInLine}" : e.Message, purpose);
        }
        catch (Exception thrown) when (Unwrapped(thrown) is CallRefusedException or SendFailedException or HttpRequestException or IOException or OperationCanceledException or ResponseTooLargeException or InvalidDataException)
        {
            var failure = Unwrapped(thrown);
            if (failure is OperationCanceledException or SendFailedException) cancellationToken.ThrowIfCancellationRequested();
            return Failure<T>(failure, limit, purpose, answered: response is not null);
        }
        finally
        {
            response?.Dispose();
        }
    }

    // Refit wraps what its handlers throw.
    private static Exception Unwrapped(Exception thrown) => thrown is Refit.ApiRequestException { InnerException: { } inner } ? inner : thrown;

    private Outcome<T> Failure<T>(Exception failure, CancellationTokenSource limit, CallPurpose purpose, bool answered)
    {
        // Once an answer began, the request had surely left.
        if (answered && failure is not ResponseTooLargeException) failure = new SendFailedException(failure, sent: true);
        return _errors.OfFailure(failure, limit.IsCancellationRequested, purpose);
    }

    private async Task<RemoteAnswer> ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var most = _options.MostAnswerBytes;
        var length = response.Content.Headers.ContentLength;
        if (length > most) throw new ResponseTooLargeException(most);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, (int)(length ?? 4096) + 1));
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            int read;
            while ((read = await stream.ReadAsync(buffer.GetMemory(1), cancellationToken).ConfigureAwait(false)) > 0)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > most) throw new ResponseTooLargeException(most);
            }
        }

        return new RemoteAnswer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, buffer.WrittenMemory);
    }
}
