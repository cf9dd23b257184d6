using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>A certificate authority of this clone alone, and the one certificate (localhost, 127.0.0.1, ::1) of every listener.</summary>
public sealed class LocalCertificates
{
    private static readonly string[] SystemBundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
    private static readonly TimeSpan Life = TimeSpan.FromDays(397);
    private static readonly TimeSpan Renew = TimeSpan.FromDays(30);
    private readonly string _folder;

    private LocalCertificates(string folder) => _folder = folder;

    /// <summary>The authority's certificate.</summary>
    public string Authority => Path.Combine(_folder, "ca.pem");

    /// <summary>The certificate of localhost.</summary>
    public string Certificate => Path.Combine(_folder, "localhost.pem");

    /// <summary>Its private key.</summary>
    public string Key => Path.Combine(_folder, "localhost.key");

    /// <summary>The system's authorities and ours, for SSL_CERT_FILE: a process that calls localhost may call the world too.</summary>
    public string Bundle => Path.Combine(_folder, "bundle.pem");

    /// <summary>Makes what is missing or about to end; keeps the rest, so that who trusts the authority goes on doing so.</summary>
    public static LocalCertificates Ensure(string folder, TimeProvider clock)
    {
        var certificates = new LocalCertificates(PrivateFolder.Create(folder));
        var authorityKey = Path.Combine(folder, "ca.key");
        string[] files = [certificates.Authority, authorityKey, certificates.Certificate, certificates.Key, certificates.Bundle];
        if (!files.All(File.Exists) || IsEnding(certificates.Authority, clock) || IsEnding(certificates.Certificate, clock))
            certificates.Create(authorityKey, clock);
        return certificates;
    }

    private static bool IsEnding(string path, TimeProvider clock)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        return certificate.NotAfter.ToUniversalTime() < (clock.GetUtcNow() + Renew).UtcDateTime;
    }

    private void Create(string authorityKey, TimeProvider clock)
    {
        var from = clock.GetUtcNow().AddDays(-1);
        using var authority = CreateAuthority(from, authorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false)
        );
        using var leaf = request.Create(authority, from, from + Life, RandomNumberGenerator.GetBytes(16));

        PrivateFolder.Write(Key, key.ExportPkcs8PrivateKeyPem());
        PrivateFolder.Write(Certificate, leaf.ExportCertificatePem());
        PrivateFolder.Write(Authority, authority.ExportCertificatePem());
        var system = SystemBundles.FirstOrDefault(File.Exists) is { } bundle ? File.ReadAllText(bundle) : "";
        PrivateFolder.Write(Bundle, system + "\n" + authority.ExportCertificatePem() + "\n");
    }

    private static X509Certificate2 CreateAuthority(DateTimeOffset from, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WpAsis local authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        PrivateFolder.Write(keyPath, key.ExportPkcs8PrivateKeyPem());
        return request.CreateSelfSigned(from, from + Life);
    }
}
