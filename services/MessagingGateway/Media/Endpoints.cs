using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Media;

internal static class Endpoints
{
    public static void AddMedia(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FindMedia>();
        builder.Services.AddSingleton<DownloadMedia>();
        builder.Services.AddGraphClient(DownloadMedia.ClientName);
    }

    public static void MapMedia(this IEndpointRouteBuilder routes) => routes.MapGetMedia();
}
