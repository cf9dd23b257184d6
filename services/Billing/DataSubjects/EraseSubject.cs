using MassTransit;
using WpAsis.Billing.Data;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Billing.DataSubjects;

/// <summary>Signs that billing knows nothing of the person any more: it counts answers and names nobody.</summary>
internal sealed class EraseSubjectConsumer(WorkDb<BillingDbContext> work, SubjectEraser eraser, TimeProvider clock)
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
                await eraser.EraseAsync(inner, new(request.RequestId, request.SubjectId, request.TenantId, request.At), token)
        );
    }
}
