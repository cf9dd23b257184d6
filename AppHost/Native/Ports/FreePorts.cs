using System.Net;
using System.Net.Sockets;

namespace WpAsis.AppHost.Native.Ports;

/// <summary>Ports of localhost that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>Asks the kernel for some; they are distinct, and free until somebody else is faster.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        var held = new List<Socket>();
        try
        {
            for (var taken = 0; taken < count; taken++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }
            return [.. held.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Whether both loopback addresses are free at a port.</summary>
    public static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException refused)
        {
            // A machine may know IPv6 and have no ::1: nothing can listen there then.
            return refused.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
