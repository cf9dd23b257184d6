using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Identity.Tenants;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Accounts;

/// <summary>A person's own account, to themselves.</summary>
internal sealed record GetAccountResponse
{
    public required AccountId AccountId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    [PersonName]
    public required string Name { get; init; }

    [EmailData]
    public required string Email { get; init; }

    [PhoneData]
    public string? Phone { get; init; }

    /// <summary>The business that this session is for.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>All businesses that the account belongs to.</summary>
    public required IReadOnlyList<AccountTenant> Tenants { get; init; }

    public override string ToString() => nameof(GetAccountResponse);
}

/// <summary>A customer that the account belongs to.</summary>
internal sealed record AccountTenant(TenantId TenantId, [property: TenantText] string Name, [property: NotPersonal("a role")] string Role)
{
    public override string ToString() => nameof(AccountTenant);
}

/// <summary>What the signed-in person registered, and the businesses they belong to.</summary>
internal static class GetAccountEndpoint
{
    private const int MostTenants = 100;

    public static void MapGetAccount(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/account", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<GetAccountResponse>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        IdentityDbContext db,
        Vault vault,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var id = user.AccountIdOf();
        context.Response.Headers.CacheControl = "no-store";
        var answer = await db.InTransactionAsync(
            async (_, token) =>
            {
                var account = await db.Accounts.SingleOrDefaultAsync(row => row.AccountId == id, token);
                if (account is null || await vault.TryOpenSubjectKeyAsync(db, account.SubjectId, token) is not { } key)
                    return null;
                return new GetAccountResponse
                {
                    AccountId = id,
                    SubjectId = account.SubjectId,
                    Name = key.Unseal(Account.Columns.Name, account.Name),
                    Email = key.Unseal(Account.Columns.Email, account.Email),
                    Phone = account.Phone is { } phone ? key.Unseal(Account.Columns.Phone, phone) : null,
                    TenantId = user.TenantIdOf(),
                    Tenants = await TenantsAsync(db, vault, id, token),
                };
            },
            cancellationToken
        );
        return answer is null
            ? Problems.Of(StatusCodes.Status404NotFound, "account-not-found", "There is no such account.")
            : TypedResults.Ok(answer);
    }

    private static async Task<List<AccountTenant>> TenantsAsync(IdentityDbContext db, Vault vault, AccountId id, CancellationToken token)
    {
        var routes = await db
            .MembershipRoutes.Where(route => route.AccountId == id)
            .OrderBy(route => route.Since)
            .Select(route => route.TenantId)
            .Take(MostTenants)
            .ToListAsync(token);
        var tenants = new List<AccountTenant>();
        foreach (var tenantId in routes)
        {
            await db.SetTenantAsync(tenantId, token);
            var tenant = await db.Tenants.SingleAsync(row => row.TenantId == tenantId, token);
            var membership = await db.Memberships.SingleAsync(row => row.TenantId == tenantId && row.AccountId == id, token);
            var key = await vault.OpenTenantKeyAsync(db, tenantId, token);
            tenants.Add(new(tenantId, key.Unseal(Tenant.NameColumn, tenant.Name), membership.Role.Text()));
        }
        return tenants;
    }
}
