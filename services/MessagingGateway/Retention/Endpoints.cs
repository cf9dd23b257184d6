using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Retention;

internal static class Endpoints
{
    public static void AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddSweeper<PurgeExpired>();
        builder.Services.AddSweeper<PurgeReceipts<GatewayDbContext>>();
    }
}
