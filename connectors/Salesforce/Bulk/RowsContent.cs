using System.Net;
using System.Net.Http.Headers;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>A wave's file as a request's body, written as it is sent; a replay writes it again.</summary>
internal sealed class RowsContent : ReplayableContent
{
    private readonly BulkFile _file;

    public RowsContent(BulkFile file)
    {
        _file = file;
        Headers.ContentType = new MediaTypeHeaderValue("text/csv") { CharSet = "utf-8" };
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _file.WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _file.Length;
        return true;
    }
}
