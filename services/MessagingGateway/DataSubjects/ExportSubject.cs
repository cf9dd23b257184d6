using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>What the gateway holds about a contact: names, threads, the log of messages.</summary>
internal static class ExportSubjectEndpoint
{
    public static void MapExportSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/export", HandleAsync).ForDataSubjectRequests();

    private static Task HandleAsync(HttpContext context, SubjectQuery query, WorkDb<GatewayDbContext> work, Vault vault) =>
        context.StreamExportAsync(work, vault, DataSubjectsFeature.Service, query, query.TenantId is { } tenant ? [tenant] : []);
}
