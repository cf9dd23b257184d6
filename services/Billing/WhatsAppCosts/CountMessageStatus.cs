using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.WhatsAppCosts;

/// <summary>
/// Meta charges for what was delivered and says so in several statuses of one message. It is counted once, by day and category; whose it
/// was is not kept.
/// </summary>
internal sealed class CountMessageStatusConsumer(BillingDbContext db, TimeProvider clock) : IConsumer<MessageStatusChanged>
{
    private const int LongestCategory = 40;
    private const string Other = "other";

    public async Task Consume(ConsumeContext<MessageStatusChanged> context)
    {
        var message = context.Message;
        if (message is not { Status: MessageStatus.Delivered or MessageStatus.Read or MessageStatus.Played, Pricing: { } pricing })
            return;
        await db.InTenantAsync(
            message.TenantId,
            async (inner, token) =>
            {
                // The message's own id is the key: a read may overtake a delivered, and either may come twice.
                if (await inner.TryEnterAsync(message.MessageId.Value, nameof(WhatsAppCost), clock, token))
                    await CountAsync(inner, message, pricing, token);
            },
            context.CancellationToken
        );
    }

    private static async Task CountAsync(
        BillingDbContext db,
        MessageStatusChanged message,
        MessagePricing pricing,
        CancellationToken cancellationToken
    )
    {
        var day = DateOnly.FromDateTime(message.At.UtcDateTime);
        var billable = pricing.Billable ? 1 : 0;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into whatsapp_cost (tenant_id, day, category, messages, billable)
            values ({message.TenantId.Value}, {day}, {CategoryOf(pricing)}, 1, {billable})
            on conflict (tenant_id, day, category) do update
                set messages = whatsapp_cost.messages + 1, billable = whatsapp_cost.billable + excluded.billable
            """,
            cancellationToken
        );
    }

    // Meta may invent categories; only what looks like one becomes a row.
    private static string CategoryOf(MessagePricing pricing) =>
        pricing.Category is { Length: > 0 and <= LongestCategory } category
        && category.All(letter => letter is '_' || char.IsAsciiLetterLower(letter))
            ? category
            : Other;
}
