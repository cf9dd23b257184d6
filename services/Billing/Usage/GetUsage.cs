using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Usage;

/// <summary>How much of the period is used, and what WhatsApp itself charged for.</summary>
internal static class GetUsageEndpoint
{
    private const int MostCategories = 20;

    public static void MapGetUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/usage", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<UsageView>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        BillingDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        if (await SubscriptionView.FindAsync(db, user, clock, cancellationToken) is not { } subscription)
            return GetSubscriptionEndpoint.NotYet();

        var from = DateOnly.FromDateTime(subscription.PeriodStart.UtcDateTime);
        var until = DateOnly.FromDateTime(subscription.PeriodEnd.UtcDateTime);
        var messages = await db.InTenantAsync(
            tenant,
            (inner, token) =>
                inner
                    .WhatsAppCosts.Where(cost => cost.Day >= from && cost.Day <= until)
                    .GroupBy(cost => cost.Category)
                    .OrderBy(group => group.Key)
                    .Take(MostCategories)
                    .Select(group => new WhatsAppMessagesView(group.Key, group.Sum(c => c.Messages), group.Sum(c => c.Billable)))
                    .ToListAsync(token),
            cancellationToken
        );
        return TypedResults.Ok(
            new UsageView(
                subscription.PeriodStart,
                subscription.PeriodEnd,
                subscription.Included,
                subscription.Used,
                subscription.Reserved,
                subscription.Included - subscription.Used - subscription.Reserved,
                messages,
                clock.GetUtcNow()
            )
        );
    }
}

/// <summary>Replies of the period; <c>whatsApp</c> counts delivered messages by Meta's category, by UTC days.</summary>
internal sealed record UsageView(
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    int Included,
    int Used,
    int Reserved,
    int Left,
    IReadOnlyList<WhatsAppMessagesView> WhatsApp,
    DateTimeOffset AsOf
);

internal sealed record WhatsAppMessagesView(string Category, long Messages, long Billable);
