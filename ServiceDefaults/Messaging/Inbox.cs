using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>Every handler is idempotent: the inbox row and the effect stand or fall together.</summary>
public static class Inbox
{
    /// <summary>
    /// Runs a consumer's work in one transaction of its tenant, once for each message; a second delivery changes nothing.
    /// </summary>
    /// <param name="context">The delivery.</param>
    /// <param name="db">The consumer's context.</param>
    /// <param name="tenant">The tenant; null where the message is about an account as such.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="work">What the message does. It may run again after a transient error.</param>
    public static Task ConsumeOnceAsync<TContext, TMessage>(
        this ConsumeContext<TMessage> context,
        TContext db,
        TenantId? tenant,
        TimeProvider clock,
        Func<TContext, CancellationToken, Task> work
    )
        where TContext : ServiceDbContext
        where TMessage : class =>
        db.InTransactionAsync(
            async (inner, token) =>
            {
                if (tenant is { } id)
                    await inner.SetTenantAsync(id, token);
                if (!await inner.TryEnterAsync(MessageIdOf(context), typeof(TMessage).Name, clock, token))
                    return false;
                await work(inner, token);
                return true;
            },
            context.CancellationToken
        );

    /// <summary>Writes the inbox row in the open transaction; false when it stands already.</summary>
    public static async Task<bool> TryEnterAsync(
        this DbContext db,
        Guid messageId,
        string consumer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into inbox (message_id, consumer, received_at) values ({messageId}, {consumer}, {clock.GetUtcNow()})
            on conflict do nothing
            """,
            cancellationToken
        ) == 1;

    private static Guid MessageIdOf(ConsumeContext context) =>
        context.MessageId ?? throw new InvalidOperationException("A message without an id can't be received once only.");
}

/// <summary>Publishing from a transaction.</summary>
public static class Outbox
{
    /// <summary>Adds a message to the context's transaction; the dispatcher publishes it after the commit.</summary>
    public static void Publish<TMessage>(this ServiceDbContext db, TMessage message, TimeProvider clock)
        where TMessage : class => db.Outbox.Add(OutboxMessage.For(message, clock));
}
