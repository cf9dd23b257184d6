using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Trials;

/// <summary>Whose numbers have had their trial.</summary>
internal static class TrialNumbers
{
    /// <summary>True while a number is connected whose trial was another customer's.</summary>
    public static Task<bool> HasSpentOneAsync(BillingDbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        db.ConnectedNumbers.AnyAsync(
            number => number.IsConnected && db.NumberTrials.Any(trial => trial.NumberKey == number.NumberKey && trial.TenantId != tenant),
            cancellationToken
        );

    /// <summary>The number's trial is this customer's, unless it was somebody's before.</summary>
    public static Task ClaimAsync(
        BillingDbContext db,
        string numberKey,
        TenantId tenant,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"insert into number_trial (number_key, tenant_id, at) values ({numberKey}, {tenant.Value}, {at}) on conflict do nothing",
            cancellationToken
        );

    /// <summary>Remembers the latest word about a number.</summary>
    public static Task RememberAsync(BillingDbContext db, ConnectedNumber number, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into connected_number (tenant_id, channel_id, number_key, is_connected, at)
            values ({number.TenantId.Value}, {number.ChannelId.Value}, {number.NumberKey}, {number.IsConnected}, {number.At})
            on conflict (tenant_id, channel_id) do update
                set number_key = excluded.number_key, is_connected = excluded.is_connected, at = excluded.at
                where connected_number.at < excluded.at
            """,
            cancellationToken
        );

    /// <summary>Grants or refuses the trial by the numbers that are connected now.</summary>
    public static async Task JudgeAsync(
        BillingDbContext db,
        Subscription subscription,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (subscription.State is not (SubscriptionState.Trialing or SubscriptionState.TrialRefused))
            return;
        var state = await HasSpentOneAsync(db, subscription.TenantId, cancellationToken)
            ? SubscriptionState.TrialRefused
            : SubscriptionState.Trialing;
        if (state == subscription.State)
            return;
        subscription.State = state;
        db.Announce(subscription, clock);
    }
}
