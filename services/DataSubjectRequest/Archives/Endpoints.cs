using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>Copies of people's data.</summary>
internal static class ArchivesFeature
{
    public static void AddArchives(this WebApplicationBuilder builder)
    {
        // Identity is a neighbour of every service and known already.
        foreach (var service in AskServices.All.Except([ServiceClients.Identity], StringComparer.Ordinal))
            builder.AddServiceClient(service);
        builder.Services.AddSingleton<AskServices>();
        builder.Services.AddSingleton<BuildArchive>();
        builder.Services.AddSingleton<DownloadArchive>();
    }

    public static void MapArchives(this IEndpointRouteBuilder routes) => routes.MapDownloadArchive();
}
