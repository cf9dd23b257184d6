using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace WpAsis.Identity.Tests;

/// <summary>The smallest mail relay there is: TLS from the first byte, takes everything, can be told to refuse.</summary>
internal sealed class MailCatcher : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<MimeMessage> _mails = new();
    private Task _loop = Task.CompletedTask;

    private MailCatcher(X509Certificate2 certificate) => _certificate = certificate;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answer to the next recipients instead of 250.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>Suite of the last connection.</summary>
    public TlsCipherSuite? Suite { get; private set; }

    public IEnumerable<MimeMessage> To(string email) =>
        _mails.Where(mail => mail.To.Mailboxes.Any(box => string.Equals(box.Address, email, StringComparison.OrdinalIgnoreCase)));

    public static MailCatcher Start(string certificates)
    {
        using var pem = X509Certificate2.CreateFromPemFile(
            Path.Combine(certificates, "localhost.pem"),
            Path.Combine(certificates, "localhost.key")
        );
        var catcher = new MailCatcher(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null));
        catcher._listener.Start();
        catcher._loop = catcher.AcceptAsync();
        return catcher;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await ServeAsync(client);
                }
                catch (Exception error) when (error is IOException or AuthenticationException)
                {
                    // A client that goes away is none of our business.
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        Suite = tls.NegotiatedCipherSuite;
        using var reader = new StreamReader(tls, Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(tls, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 catcher");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "RCPT" when Refusals.TryDequeue(out var refusal):
                    await writer.WriteLineAsync(refusal);
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    _mails.Enqueue(await ReadMailAsync(reader));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 fine");
                    break;
            }
        }
    }

    private async Task<MimeMessage> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        return await MimeMessage.LoadAsync(bytes, _stop.Token);
    }
}
