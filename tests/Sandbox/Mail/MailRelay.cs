using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Mail;

/// <summary>An SMTP relay with TLS from the first byte that delivers to nobody.</summary>
internal sealed partial class MailRelay(
    SandboxSettings settings,
    IConfiguration configuration,
    MailBox box,
    FaultList faults,
    TimeProvider clock,
    ILogger<MailRelay> logger
) : BackgroundService
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan SessionLimit = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.SmtpPort == 0)
            return;
        using var certificate = SandboxSettings.Certificate(configuration);
        var tls = StrongTls.ForServer(certificate);
        using var v4 = Listen(IPAddress.Loopback);
        using var v6 = Socket.OSSupportsIPv6 ? Listen(IPAddress.IPv6Loopback) : null;
        LogListening(logger, settings.SmtpPort);
        using var room = new SemaphoreSlim(MostAtOnce);
        try
        {
            await Task.WhenAll(
                AcceptAsync(v4, tls, room, stoppingToken),
                v6 is null ? Task.CompletedTask : AcceptAsync(v6, tls, room, stoppingToken)
            );
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
    }

    private TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, settings.SmtpPort);
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener, SslServerAuthenticationOptions tls, SemaphoreSlim room, CancellationToken stopping)
    {
        while (true)
        {
            await room.WaitAsync(stopping);
            var client = await listener.AcceptTcpClientAsync(stopping);
            _ = ServeAsync(client, tls, room, stopping);
        }
    }

    private async Task ServeAsync(TcpClient client, SslServerAuthenticationOptions tls, SemaphoreSlim room, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(SessionLimit);
        try
        {
            using (client)
            {
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(tls, limit.Token);
                await new SmtpSession(stream, box, faults, clock).RunAsync(limit.Token);
            }
        }
        catch (Exception problem) when (problem is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            LogEnded(logger, problem.GetType().Name);
        }
        finally
        {
            if (!stopping.IsCancellationRequested)
                room.Release();
        }
    }

    [LoggerMessage(LogLevel.Information, "The mail relay listens on port {Port}, TLS from the first byte.")]
    private static partial void LogListening(ILogger logger, int port);

    [LoggerMessage(LogLevel.Information, "A mail session ended early: {Reason}.")]
    private static partial void LogEnded(ILogger logger, string reason);
}
