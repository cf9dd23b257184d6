using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>What a person of the business wrote becomes part of the memory, so that the assistant does not contradict it later.</summary>
internal sealed class RememberHumanConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<HumanReplied>
{
    public async Task Consume(ConsumeContext<HumanReplied> context)
    {
        var said = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            said.TenantId,
            clock,
            (inner, token) =>
            {
                var content = SealedContentColumn.Pack(said.Content);
                var ends = SealedContentColumn.EndOf(said.Content);
                return inner.Database.ExecuteSqlAsync(
                    $"""
                    insert into human_reply (thread_id, message_id, tenant_id, at, content, content_ends_at)
                    values ({said.ThreadId.Value}, {said.MessageId.Value}, {said.TenantId.Value}, {said.At.ToUniversalTime()},
                        {content}, {ends})
                    on conflict (thread_id, message_id) do nothing
                    """,
                    token
                );
            }
        );
    }
}
