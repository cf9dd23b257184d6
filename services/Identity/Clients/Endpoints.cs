using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Clients;

/// <summary>Our own programs as clients of the issuer.</summary>
internal static class ClientsFeature
{
    public static void AddClients(this WebApplicationBuilder builder) => builder.Services.AddSweeper<SyncClients>();
}
