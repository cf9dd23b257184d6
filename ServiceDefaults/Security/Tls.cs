using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>Policy P3.2 promises 256-bit TLS. Kestrel's and OpenSSL's defaults also offer 128-bit suites; these do not.</summary>
public static class Tls
{
    /// <summary>TLS 1.2 and 1.3.</summary>
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The 256-bit AEAD suites; null on Windows, where the system decides.</summary>
    public static CipherSuitesPolicy? Suites { get; } =
        OperatingSystem.IsWindows()
            ? null
            : new CipherSuitesPolicy([
                TlsCipherSuite.TLS_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ]);

    /// <summary>Restricts an outgoing connection.</summary>
    public static void Restrict(SslClientAuthenticationOptions options)
    {
        options.EnabledSslProtocols = Protocols;
        if (!OperatingSystem.IsWindows())
            options.CipherSuitesPolicy = Suites;
    }

    internal static void UseStrongTls(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 256 * 1024;
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = Protocols;
                https.OnAuthenticate = (_, options) =>
                {
                    if (!OperatingSystem.IsWindows())
                        options.CipherSuitesPolicy = Suites;
                };
            });
        });
}
