using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Trust in the local authority, for clients of ours that run outside the services.</summary>
public static class LocalTrust
{
    /// <summary>Trusts one authority and nobody else.</summary>
    public static SslClientAuthenticationOptions Only(string authority) =>
        new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authority) },
            },
        };

    /// <summary>A handler that trusts the authority, or the system's where none is given.</summary>
    public static SocketsHttpHandler Handler(string? authority)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (authority is { Length: > 0 })
            handler.SslOptions = Only(authority);
        return handler;
    }

    /// <summary>
    /// Makes this process and its children trust a bundle, if no TLS was used before: the runtime reads SSL_CERT_FILE once, from the C
    /// library's environment, which Environment.SetEnvironmentVariable does not touch.
    /// </summary>
    public static void UseBundle(string bundle)
    {
        _ = Libc.SetEnvironment("SSL_CERT_FILE", bundle, overwrite: 1);
        Environment.SetEnvironmentVariable("SSL_CERT_FILE", bundle);
    }
}
