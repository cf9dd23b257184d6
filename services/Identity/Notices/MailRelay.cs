using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Notices;

/// <summary>The mail relay: TLS from the first byte, 256-bit suites, a limit on every step.</summary>
internal sealed class MailRelay(IConfiguration configuration)
{
    private const int StepTimeoutMilliseconds = 10_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Who the mails come from.</summary>
    public MailboxAddress Sender { get; } = MailboxAddress.Parse(configuration["Mail:From"] ?? "WpAsis <no-reply@wpasis.com>");

    public async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var client = new SmtpClient { Timeout = StepTimeoutMilliseconds, SslProtocols = Tls.Protocols };
        if (!OperatingSystem.IsWindows())
            client.SslCipherSuitesPolicy = Tls.Suites;
        // Asking a stranger's server about a certificate would be a call of its own to an address nobody declared.
        client.CheckCertificateRevocation = false;
        await client.ConnectAsync(
            Required("Mail:Host"),
            configuration.GetValue("Mail:Port", 465),
            SecureSocketOptions.SslOnConnect,
            limit.Token
        );
        if (configuration["Mail:User"] is { Length: > 0 } user)
            await client.AuthenticateAsync(user, Required("Mail:Password"), limit.Token);
        await client.SendAsync(message, limit.Token);
        await client.DisconnectAsync(quit: true, limit.Token);
    }

    private string Required(string setting) => configuration[setting] ?? throw new InvalidOperationException($"{setting} is missing.");
}
