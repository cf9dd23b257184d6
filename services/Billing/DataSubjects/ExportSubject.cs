using WpAsis.Billing.Data;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Billing.DataSubjects;

/// <summary>What billing holds about a person, which by its declaration is nothing; derived all the same, so that it stays true.</summary>
internal static class ExportSubjectEndpoint
{
    public static void MapExportSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/export", HandleAsync).ForDataSubjectRequests();

    private static Task HandleAsync(HttpContext context, SubjectQuery query, WorkDb<BillingDbContext> work, Vault vault) =>
        context.StreamExportAsync(work, vault, DataSubjectsFeature.Service, query, query.TenantId is { } tenant ? [tenant] : []);
}
