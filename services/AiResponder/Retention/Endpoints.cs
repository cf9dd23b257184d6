using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Retention;

internal static class Endpoints
{
    public static void AddRetention(this IServiceCollection services) => services.AddSweeper<PurgeExpired>();
}
