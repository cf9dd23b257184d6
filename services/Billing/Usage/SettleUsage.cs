using MassTransit;
using WpAsis.Billing.Tenants;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>WhatsApp took the reply: what was reserved counts. Notices have no usage id and cost nothing.</summary>
internal sealed class SettleUsageConsumer(TenantInbox inbox, UsageMetrics metrics, TimeProvider clock) : IConsumer<ReplyAccepted>
{
    public Task Consume(ConsumeContext<ReplyAccepted> context) =>
        context.Message.UsageId is { } usage
            ? HandleAsync(context.MessageId!.Value, context.Message.TenantId, usage, context.CancellationToken)
            : Task.CompletedTask;

    public Task HandleAsync(Guid messageId, TenantId tenant, UsageId usage, CancellationToken cancellationToken) =>
        inbox.ReceiveAsync(
            messageId,
            nameof(ReplyAccepted),
            tenant,
            (db, subscription, token) => FinalWords.SettleAsync(db, subscription, usage, clock, metrics, token),
            (db, token) => HeldReservations.HoldFinalAsync(db, tenant, usage, ReservationState.Settled, clock, token),
            cancellationToken
        );
}
