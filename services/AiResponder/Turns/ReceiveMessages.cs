using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>Contacts wrote: their messages join the line of their thread. One bad message does not hold up its neighbours.</summary>
internal sealed partial class ReceiveMessagesConsumer(
    TakeInMessages takeIn,
    WorkDb<ResponderDbContext> work,
    TimeProvider clock,
    ILogger<ReceiveMessagesConsumer> logger
) : IConsumer<MessagesReceived>
{
    public async Task Consume(ConsumeContext<MessagesReceived> context)
    {
        var items = context.Message.Items;
        try
        {
            await takeIn.TakeInAsync(items, context.CancellationToken);
        }
        catch (Exception error) when (IsDataError(error))
        {
            await OneByOneAsync(items, context.CancellationToken);
        }
    }

    private async Task OneByOneAsync(IReadOnlyList<ReceivedMessage> items, CancellationToken cancellationToken)
    {
        foreach (var item in items.OrderBy(item => item.ThreadId.Value))
        {
            try
            {
                await takeIn.TakeInAsync([item], cancellationToken);
            }
            catch (Exception error) when (IsDataError(error))
            {
                await QuarantineAsync(item, ReasonOf(error), cancellationToken);
            }
        }
    }

    private async Task QuarantineAsync(ReceivedMessage item, string reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(item, MessageTypes.Json);
        await using var db = work.CreateContext();
        await db.InTransactionAsync(
            (inner, token) =>
                inner.Database.ExecuteSqlAsync(
                    $"""
                    insert into quarantine (message_id, tenant_id, thread_id, reason, item, at)
                    values ({item.MessageId.Value}, {item.TenantId.Value}, {item.ThreadId.Value}, {reason}, {body}, {now})
                    on conflict (message_id) do nothing
                    """,
                    token
                ),
            cancellationToken
        );
        Quarantined(logger, item.MessageId.ToString(), reason, RetentionTable.Quarantine.TotalHours);
    }

    // Classes 22 (a value that can't be), 23 (a constraint) and 42501 (another customer's row): trying again changes nothing.
    private static bool IsDataError(Exception error) =>
        error switch
        {
            BadMessageException => true,
            PostgresException { SqlState: var state } => state.StartsWith("22", StringComparison.Ordinal)
                || state.StartsWith("23", StringComparison.Ordinal)
                || state == PostgresErrorCodes.InsufficientPrivilege,
            _ => error.InnerException is { } inner && IsDataError(inner),
        };

    private static string ReasonOf(Exception error) =>
        error switch
        {
            BadMessageException bad => bad.Reason,
            PostgresException postgres => postgres.SqlState,
            _ => error.InnerException is { } inner ? ReasonOf(inner) : "unknown",
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} went to quarantine ({Reason}) for {Hours} hours")]
    private static partial void Quarantined(ILogger logger, string messageId, string reason, double hours);
}

/// <summary>A message that can't be taken in, however often it comes.</summary>
internal sealed class BadMessageException(string reason) : Exception($"A message can't be taken in: {reason}.")
{
    public string Reason { get; } = reason;
}
