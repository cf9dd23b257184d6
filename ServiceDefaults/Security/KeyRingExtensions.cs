using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>The rings a service is told of, and what seals with them.</summary>
public static class KeyRingExtensions
{
    /// <summary>The service's own ring (<c>KeyRings:Own</c>), its vault, its blind index, and what forgets a person.</summary>
    public static void AddVault(this IHostApplicationBuilder builder, string service)
    {
        var folder = Required(builder, "KeyRings:Own");
        builder.Services.AddSingleton(provider => new FileKeyRing(folder, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(provider => new Vault(
            provider.GetRequiredService<FileKeyRing>(),
            provider.GetRequiredService<TimeProvider>(),
            service
        ));
        builder.Services.AddSingleton(provider => new BlindIndex(provider.GetRequiredService<FileKeyRing>(), service));
        builder.Services.AddSingleton<ReceiptSigner>();
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SubjectEraser>(provider, service));
    }

    /// <summary>The content ring (<c>KeyRings:Content</c>): gateway and responder only. Each of them destroys what has expired.</summary>
    public static void AddContentSealing(this IHostApplicationBuilder builder)
    {
        var folder = Required(builder, "KeyRings:Content");
        builder.Services.AddSingleton(provider => new ContentKeyRing(folder, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ContentSealer>();
        builder.Services.AddSweeper<DestroyExpiredContent>();
    }

    private static string Required(IHostApplicationBuilder builder, string setting) =>
        builder.Configuration[setting] ?? throw new InvalidOperationException($"{setting} is missing: the folder of a key ring.");
}
