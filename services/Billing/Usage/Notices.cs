using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Usage;

/// <summary>Tells a customer that its assistant is silent: at most one mail a day, however many replies are refused.</summary>
internal static class Notices
{
    private const string UsagePage = "/";

    public static async Task SendOncePerDayAsync(
        BillingDbContext db,
        Subscription subscription,
        DenialReason reason,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        // Who has left is not written to.
        if (reason is DenialReason.TenantClosed)
            return;
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var isFirst =
            await db.Database.ExecuteSqlAsync(
                $"""
                update subscription set noticed_on = {day}
                where tenant_id = {subscription.TenantId.Value} and (noticed_on is null or noticed_on < {day})
                """,
                cancellationToken
            ) == 1;
        if (!isFirst)
            return;
        db.Publish(
            new SendNotice
            {
                TenantId = subscription.TenantId,
                NoticeId = TypedId.Derive<NoticeId>($"nothing-left:{day:yyyy-MM-dd}", subscription.TenantId.Value),
                Notice = KindOf(subscription, reason),
                Values = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["plan"] = subscription.Plan,
                    ["included"] = Plan.Of(subscription.Plan).Included.ToString(CultureInfo.InvariantCulture),
                    ["periodEnd"] = subscription.PeriodEnd.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                },
                Link = UsagePage,
            },
            clock
        );
    }

    /// <summary>A payment failed: answers go on until the grace is over. Once for each period.</summary>
    public static void SendPaymentFailed(BillingDbContext db, Subscription subscription, TimeProvider clock) =>
        db.Publish(
            new SendNotice
            {
                TenantId = subscription.TenantId,
                NoticeId = TypedId.Derive<NoticeId>($"payment-failed:{subscription.Period}", subscription.TenantId.Value),
                Notice = NoticeKind.PaymentFailed,
                Values = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["until"] = subscription.ValidUntil.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                },
                Link = UsagePage,
            },
            clock
        );

    private static NoticeKind KindOf(Subscription subscription, DenialReason reason) =>
        reason is DenialReason.QuotaExhausted ? NoticeKind.QuotaExhausted
        : Plan.Of(subscription.Plan).Renews ? NoticeKind.PlanStopped
        : NoticeKind.TrialEnded;
}
