using System.Net;
using System.Net.Sockets;
using WorkflowEngine.Testing;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>The way on which the other nodes reach one: passes everything on until it is cut.</summary>
internal sealed class NodeGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile CancellationTokenSource _open = new();
    private volatile bool _cut;

    public NodeGate()
    {
        _listener.Start();
        Behind = FreePort.Next();
        _loop = AcceptAsync();
    }

    /// <summary>The port at which the others reach the node.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The port the node listens on.</summary>
    public int Behind { get; }

    /// <summary>Nothing comes through any more: connections hang, and new ones get no answer.</summary>
    public void Cut()
    {
        _cut = true;
        _open.Cancel();
    }

    public void Heal()
    {
        _open = new CancellationTokenSource();
        _cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _open.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(TcpClient from)
    {
        using var here = from;
        using var there = new TcpClient();
        var open = _open.Token;
        try
        {
            if (_cut) await Task.Delay(Timeout.Infinite, _stop.Token);
            await there.ConnectAsync(IPAddress.Loopback, Behind, open);
            await Task.WhenAny(CopyAsync(here.GetStream(), there.GetStream(), open), CopyAsync(there.GetStream(), here.GetStream(), open));

            // Cut, it stays open and silent, as a cable that was pulled.
            if (open.IsCancellationRequested) await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The one side or the other is gone.
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken open)
    {
        try
        {
            await from.CopyToAsync(to, open);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Ends with the other direction.
        }
    }
}
