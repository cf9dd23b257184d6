using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Identity.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Identity.DataSubjects;

/// <summary>Whether an account is there, and whether a business would be without an owner after it.</summary>
internal static class LocateSubjectEndpoint
{
    public static void MapLocateSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/locate", HandleAsync).ForDataSubjectRequests();

    private static async Task<SubjectLocation> HandleAsync(
        SubjectQuery query,
        WorkDb<IdentityDbContext> work,
        CancellationToken cancellationToken
    )
    {
        if (query.Kind is not SubjectKind.Account)
            return new SubjectLocation(Found: false);
        await using var db = work.CreateContext();
        return await db.InTransactionAsync(
            async (inner, token) =>
            {
                var account = await inner.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.SubjectId == query.SubjectId, token);
                if (account is null)
                    return new SubjectLocation(Found: false);
                var owned = await Ownership.OfAsync(inner, account.AccountId, token);
                return new SubjectLocation(Found: true, owned.Exists(business => business.IsLastOwner));
            },
            cancellationToken
        );
    }
}
