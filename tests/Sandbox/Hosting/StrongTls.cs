using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WpAsis.Sandbox.Hosting;

/// <summary>The sandbox offers and asks for 256-bit suites only, as the providers' stand-in for a system that promises them.</summary>
internal static class StrongTls
{
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Null on Windows, where the system decides.</summary>
    public static CipherSuitesPolicy? Suites { get; } =
        OperatingSystem.IsWindows()
            ? null
            : new CipherSuitesPolicy([
                TlsCipherSuite.TLS_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            ]);

    public static SocketsHttpHandler Handler(bool followRedirects = false)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = followRedirects,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
        };
        handler.SslOptions.EnabledSslProtocols = Protocols;
        if (!OperatingSystem.IsWindows())
            handler.SslOptions.CipherSuitesPolicy = Suites;
        return handler;
    }

    public static SslServerAuthenticationOptions ForServer(X509Certificate2 certificate)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = Protocols };
        if (!OperatingSystem.IsWindows())
            options.CipherSuitesPolicy = Suites;
        return options;
    }

    public static void UseStrongTls(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
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
