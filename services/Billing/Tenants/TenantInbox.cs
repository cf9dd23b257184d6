using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Tenants;

/// <summary>
/// Receives a message about a customer once: as the request role where the customer is known, and as the work role, under the customer's
/// lock, where it has not registered yet. Messages come in any order.
/// </summary>
internal sealed class TenantInbox(BillingDbContext db, WorkDb<BillingDbContext> work, TimeProvider clock)
{
    public async Task ReceiveAsync(
        Guid messageId,
        string consumer,
        TenantId tenant,
        Func<BillingDbContext, Subscription, CancellationToken, Task> known,
        Func<BillingDbContext, CancellationToken, Task> unknown,
        CancellationToken cancellationToken
    )
    {
        if (await db.InTenantAsync(tenant, ReceiveKnownAsync, cancellationToken))
            return;

        await using var elevated = work.CreateContext();
        await elevated.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                await inner.LockTenantAsync(tenant, token);
                if (await ReceiveKnownAsync(inner, token))
                    return;
                if (await inner.TryEnterAsync(messageId, consumer, clock, token))
                    await unknown(inner, token);
            },
            cancellationToken
        );

        async Task<bool> ReceiveKnownAsync(BillingDbContext inner, CancellationToken token)
        {
            if (await inner.Subscriptions.AsNoTracking().SingleOrDefaultAsync(token) is not { } subscription)
                return false;
            if (await inner.TryEnterAsync(messageId, consumer, clock, token))
                await known(inner, subscription, token);
            return true;
        }
    }
}
