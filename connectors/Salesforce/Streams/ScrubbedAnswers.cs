using System.Net;
using System.Net.Http.Headers;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>
/// Takes secrets out of the words an answer ends with before the gRPC library reads them: it puts them into exceptions, which anybody may log. They come as headers of an answer without a body, or
/// as trailers behind it.
/// </summary>
internal sealed class ScrubbedAnswers(HttpMessageHandler transport, SecretScrubber scrubber) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        Scrub(response.Headers, scrubber);
        response.Content = new Body(response, response.Content, scrubber);
        return response;
    }

    private static void Scrub(HttpHeaders headers, SecretScrubber scrubber)
    {
        foreach (var (name, values) in headers.NonValidated.ToList())
        {
            var clean = values.Select(scrubber.Scrub).ToList();
            if (clean.SequenceEqual(values, StringComparer.Ordinal)) continue;
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, clean);
        }
    }

    /// <summary>The body as it comes; trailers are there when it has ended.</summary>
    private sealed class Body : HttpContent
    {
        private readonly HttpResponseMessage _response;
        private readonly HttpContent _inner;
        private readonly SecretScrubber _scrubber;

        public Body(HttpResponseMessage response, HttpContent inner, SecretScrubber scrubber)
        {
            (_response, _inner, _scrubber) = (response, inner, scrubber);
            foreach (var (name, values) in inner.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
        }

        protected override async Task<Stream> CreateContentReadStreamAsync() => new Tail(await _inner.ReadAsStreamAsync().ConfigureAwait(false), Ended);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await _inner.CopyToAsync(stream, context).ConfigureAwait(false);
            Ended();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner.Dispose();
            base.Dispose(disposing);
        }

        private void Ended() => Scrub(_response.TrailingHeaders, _scrubber);
    }

    private sealed class Tail(Stream inner, Action ended) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0 && buffer.Length > 0) ended();
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            if (read == 0 && count > 0) ended();
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
