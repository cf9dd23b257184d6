using MassTransit;
using WpAsis.Billing.Data;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Billing.DataSubjects;

/// <summary>Signs that nothing had to be corrected: billing keeps no name and no address of anybody.</summary>
internal sealed class RectifySubjectConsumer(WorkDb<BillingDbContext> work, SubjectEraser signer, TimeProvider clock)
    : IConsumer<RectificationRequested>
{
    public async Task Consume(ConsumeContext<RectificationRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        await context.AnswerRectificationAsync(
            db,
            DataSubjectsFeature.Service,
            clock,
            (inner, token) => signer.RectifiedAsync(inner, request.RequestId, request.TenantId, request.Version, NoRows, token)
        );
    }

    private static readonly Dictionary<string, int> NoRows = new(StringComparer.Ordinal);
}
