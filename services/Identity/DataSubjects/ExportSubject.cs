using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Identity.DataSubjects;

/// <summary>What identity holds about an account: who they are, when they signed in, to which businesses they belong.</summary>
internal static class ExportSubjectEndpoint
{
    public static void MapExportSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/export", HandleAsync).ForDataSubjectRequests();

    private static async Task HandleAsync(HttpContext context, SubjectQuery query, WorkDb<IdentityDbContext> work, Vault vault)
    {
        await using var db = work.CreateContext();
        var tenants = await TenantsAsync(db, query.SubjectId, context.RequestAborted);
        await context.StreamExportAsync(work, vault, DataSubjectsFeature.Service, query, tenants);
    }

    private static Task<List<TenantId>> TenantsAsync(IdentityDbContext db, DataSubjectId subject, CancellationToken cancellationToken) =>
        (
            from account in db.Accounts
            join route in db.MembershipRoutes on account.AccountId equals route.AccountId
            where account.SubjectId == subject
            select route.TenantId
        ).ToListAsync(cancellationToken);
}
