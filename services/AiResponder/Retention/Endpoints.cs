using WpAsis.AiResponder.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Retention;

internal static class Endpoints
{
    public static void AddRetention(this IServiceCollection services)
    {
        services.AddSweeper<PurgeExpired>();
        services.AddSweeper<PurgeReceipts<ResponderDbContext>>();
    }
}
