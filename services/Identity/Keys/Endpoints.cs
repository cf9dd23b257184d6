using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using WpAsis.Privacy.KeyRings;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Keys;

/// <summary>Everything secret of this service lies in its own ring: KEKs, peppers, signing keys, and the keys of its cookies.</summary>
internal static class KeysFeature
{
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        builder.AddVault("identity");
        builder.Services.AddSingleton<IssuerKeys>();
        builder.Services.AddDataProtection().SetApplicationName("wpasis-identity");
        builder
            .Services.AddOptions<KeyManagementOptions>()
            .Configure<FileKeyRing, ILoggerFactory, IConfiguration>(
                (options, ring, loggers, configuration) =>
                {
                    options.XmlRepository = CookieKeys.Repository(configuration["KeyRings:Own"]!, loggers);
                    options.XmlEncryptor = new CookieKeys.Encryptor(ring);
                }
            );
    }
}
