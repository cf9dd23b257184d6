using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.AiResponder.DataSubjects;

/// <summary>
/// Forgets a contact: a turn in the making ends without a reply and gives its reservation back, then what was said and when goes.
/// </summary>
internal sealed class EraseSubjectConsumer(WorkDb<ResponderDbContext> work, SubjectEraser eraser, TimeProvider clock)
    : IConsumer<ErasureRequested>
{
    public async Task Consume(ConsumeContext<ErasureRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        await context.AnswerErasureAsync(
            db,
            DataSubjectsFeature.Service,
            clock,
            async (inner, token) =>
            {
                await ErasureGate.CloseAsync(inner, token);
                await EndTurnsAsync(inner, request.SubjectId, token);
                var order = new ErasureOrder(request.RequestId, request.SubjectId, request.TenantId, request.At)
                {
                    ContentGoneAt = await NewestEndAsync(inner, request.SubjectId, token),
                };
                return await eraser.EraseAsync(inner, order, token);
            }
        );
    }

    private async Task EndTurnsAsync(ResponderDbContext db, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var threads = await db
            .Clocks.FromSql($"select * from turn_clock where subject_id = {subject.Value} order by thread_id for update")
            .ToListAsync(cancellationToken);
        foreach (var thread in threads)
        {
            thread.Apply(thread.ThreadVersion + 1, ThreadMode.Assistant, optedOut: false, erased: true);
            if (thread.IsPending)
                await db.CloseAsync(thread, TurnReason.Erased, clock, cancellationToken);
        }
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyWorkersAsync(threads, cancellationToken);
        db.ChangeTracker.Clear();
    }

    private static async Task<DateTimeOffset?> NewestEndAsync(
        ResponderDbContext db,
        DataSubjectId subject,
        CancellationToken cancellationToken
    )
    {
        var ends = await db
            .Database.SqlQuery<DateTimeOffset?>(
                $"""
                select max(c.content_ends_at) as "Value" from turn_clock t cross join lateral (
                    select content_ends_at from turn_message where thread_id = t.thread_id
                    union all select content_ends_at from amendment where thread_id = t.thread_id
                    union all select content_ends_at from reply where thread_id = t.thread_id
                    union all select content_ends_at from human_reply where thread_id = t.thread_id
                ) c where t.subject_id = {subject.Value}
                """
            )
            .ToListAsync(cancellationToken);
        return ends[0];
    }
}
