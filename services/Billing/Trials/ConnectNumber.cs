using MassTransit;
using WpAsis.Billing.Data;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tenants;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Trials;

/// <summary>
/// A number was connected or disconnected. A number that had its trial with another customer gives no second one: the trial rests while
/// it is connected, and goes on when it is not.
/// </summary>
internal sealed class ConnectNumberConsumer(WorkDb<BillingDbContext> work, TimeProvider clock)
    : IConsumer<ChannelConnected>,
        IConsumer<ChannelDisconnected>
{
    public Task Consume(ConsumeContext<ChannelConnected> context)
    {
        var message = context.Message;
        return ConsumeAsync(
            context,
            new()
            {
                TenantId = message.TenantId,
                ChannelId = message.ChannelId,
                NumberKey = message.NumberKey,
                IsConnected = true,
                At = message.At,
            }
        );
    }

    public Task Consume(ConsumeContext<ChannelDisconnected> context)
    {
        var message = context.Message;
        return ConsumeAsync(
            context,
            new()
            {
                TenantId = message.TenantId,
                ChannelId = message.ChannelId,
                NumberKey = message.NumberKey,
                IsConnected = false,
                At = message.At,
            }
        );
    }

    private async Task ConsumeAsync<TMessage>(ConsumeContext<TMessage> context, ConnectedNumber number)
        where TMessage : class
    {
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(db, number.TenantId, clock, (inner, token) => ApplyAsync(inner, number, token));
    }

    private async Task ApplyAsync(BillingDbContext db, ConnectedNumber number, CancellationToken cancellationToken)
    {
        await db.LockTenantAsync(number.TenantId, cancellationToken);
        await TrialNumbers.RememberAsync(db, number, cancellationToken);
        var subscription = await db.HoldSubscriptionAsync(cancellationToken);
        // A number that comes to a customer who pays keeps its trial; one that comes before the registration comes to a trial.
        if (number.IsConnected && (subscription is null || subscription.Plan == Plan.Trial.Id))
            await TrialNumbers.ClaimAsync(db, number.NumberKey, number.TenantId, number.At, cancellationToken);
        if (subscription is not null)
            await TrialNumbers.JudgeAsync(db, subscription, clock, cancellationToken);
    }
}
