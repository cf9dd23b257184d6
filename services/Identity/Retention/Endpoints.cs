using WpAsis.Identity.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Retention;

/// <summary>What forgets.</summary>
internal static class RetentionFeature
{
    public static void AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddSweeper<PurgeExpired>();
        builder.Services.AddSweeper<PurgeReceipts<IdentityDbContext>>();
    }
}
