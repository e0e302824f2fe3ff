using System.Net;
using System.Net.Sockets;

namespace WorkflowEngine.Testing;

/// <summary>
/// Ports for those who listen later. They lie below the ports that systems give to calls that go out (32,768 and up): one of those may be taken between the look and the start of who is to listen. Processes of tests begin in different
/// places, and none is given out twice before all are.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int Count = 17_000;

    private static int _next = Environment.ProcessId * 37 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }
}
