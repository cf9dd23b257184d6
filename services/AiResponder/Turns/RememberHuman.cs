using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>What a person of the business wrote becomes part of the memory, so that the assistant does not contradict it later.</summary>
internal sealed class RememberHumanConsumer(WorkDb<ResponderDbContext> work, Vault vault, TimeProvider clock) : IConsumer<HumanReplied>
{
    public async Task Consume(ConsumeContext<HumanReplied> context)
    {
        var said = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            said.TenantId,
            clock,
            async (inner, token) =>
            {
                await inner.Database.ExecuteSqlRawAsync(ErasureGate.Enter, token);
                if (await vault.IsErasedAsync(inner, said.SubjectId, token))
                    return;
                var content = SealedContentColumn.Pack(said.Content);
                var ends = SealedContentColumn.EndOf(said.Content);
                await inner.Database.ExecuteSqlAsync(
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
