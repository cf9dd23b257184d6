using WpAsis.Billing.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Retention;

/// <summary>What forgets.</summary>
internal static class RetentionFeature
{
    public static void AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddSweeper<PurgeExpired>();
        builder.Services.AddSweeper<PurgeHeld>();
        builder.Services.AddSweeper<PurgeStripeEvents>();
        builder.Services.AddSweeper<PurgeReceipts<BillingDbContext>>();
    }
}
