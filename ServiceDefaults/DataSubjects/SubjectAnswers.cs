using MassTransit;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.ServiceDefaults.DataSubjects;

/// <summary>How a service answers a data-subject request: its work and its signed receipt leave in one transaction.</summary>
public static class SubjectAnswers
{
    /// <summary>
    /// Forgets a person once for each message; the command repeated as another message gets the same receipt. Without a receipt
    /// nothing is said: the command comes again.
    /// </summary>
    public static Task AnswerErasureAsync<TContext>(
        this ConsumeContext<ErasureRequested> context,
        TContext db,
        string service,
        TimeProvider clock,
        Func<TContext, CancellationToken, Task<string?>> erase
    )
        where TContext : ServiceDbContext
    {
        var request = context.Message;
        return context.ConsumeOnceAsync(
            db,
            request.TenantId,
            clock,
            async (inner, token) =>
            {
                var before = await SubjectEraser.FindAsync(inner, request.RequestId, ReceiptAct.Erased, token);
                if ((before?.Jws ?? await erase(inner, token)) is not { } receipt)
                    return;
                var answer = new SubjectErased
                {
                    TenantId = request.TenantId,
                    RequestId = request.RequestId,
                    SubjectId = request.SubjectId,
                    Service = service,
                    Receipt = receipt,
                    At = clock.GetUtcNow(),
                };
                inner.Publish(answer, clock);
            }
        );
    }

    /// <summary>Takes over a correction once for each message.</summary>
    public static Task AnswerRectificationAsync<TContext>(
        this ConsumeContext<RectificationRequested> context,
        TContext db,
        string service,
        TimeProvider clock,
        Func<TContext, CancellationToken, Task<string>> rectify
    )
        where TContext : ServiceDbContext
    {
        var request = context.Message;
        return context.ConsumeOnceAsync(
            db,
            request.TenantId,
            clock,
            async (inner, token) =>
            {
                var answer = new SubjectRectified
                {
                    TenantId = request.TenantId,
                    RequestId = request.RequestId,
                    SubjectId = request.SubjectId,
                    Service = service,
                    Receipt = await rectify(inner, token),
                    At = clock.GetUtcNow(),
                };
                inner.Publish(answer, clock);
            }
        );
    }
}
