using MassTransit;
using WpAsis.Billing.Tenants;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>Nothing was sent: what was reserved is given back.</summary>
internal sealed class ReleaseUsageConsumer(TenantInbox inbox, UsageMetrics metrics, TimeProvider clock)
    : IConsumer<UsageReleased>,
        IConsumer<ReplyDropped>
{
    public Task Consume(ConsumeContext<UsageReleased> context) =>
        HandleAsync(context.MessageId!.Value, context.Message.TenantId, context.Message.UsageId, context.CancellationToken);

    public Task Consume(ConsumeContext<ReplyDropped> context) =>
        context.Message.UsageId is { } usage
            ? HandleAsync(context.MessageId!.Value, context.Message.TenantId, usage, context.CancellationToken)
            : Task.CompletedTask;

    public Task HandleAsync(Guid messageId, TenantId tenant, UsageId usage, CancellationToken cancellationToken) =>
        inbox.ReceiveAsync(
            messageId,
            nameof(UsageReleased),
            tenant,
            (db, subscription, token) => FinalWords.ReleaseAsync(db, subscription, usage, clock, metrics, token),
            (db, token) => HeldReservations.HoldFinalAsync(db, tenant, usage, ReservationState.Released, clock, token),
            cancellationToken
        );
}
