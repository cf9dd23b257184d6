using MassTransit;
using WpAsis.Billing.Tenants;
using WpAsis.Contracts.Billing;

namespace WpAsis.Billing.Usage;

/// <summary>Somebody wants to answer: is there room? Nothing is said by the model without it.</summary>
internal sealed class ReserveUsageConsumer(TenantInbox inbox, TimeProvider clock) : IConsumer<ReserveUsage>
{
    private const int MostReplies = 20;

    public Task Consume(ConsumeContext<ReserveUsage> context) =>
        HandleAsync(context.MessageId!.Value, context.Message, context.CancellationToken);

    public Task HandleAsync(Guid messageId, ReserveUsage command, CancellationToken cancellationToken)
    {
        if (command.Replies is < 1 or > MostReplies)
            throw new InvalidOperationException($"{command.Replies} replies can't be reserved at once.");
        return inbox.ReceiveAsync(
            messageId,
            nameof(ReserveUsage),
            command.TenantId,
            (db, subscription, token) => Reservations.AnswerAsync(db, command, subscription, clock, token),
            (db, token) => HeldReservations.HoldAsync(db, command, clock, token),
            cancellationToken
        );
    }
}
