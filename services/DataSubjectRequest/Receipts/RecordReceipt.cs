using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.DataSubjectRequest.Receipts;

/// <summary>A service says that it forgot a person.</summary>
internal sealed class RecordErasureConsumer(RecordReceipt record) : IConsumer<SubjectErased>
{
    public Task Consume(ConsumeContext<SubjectErased> context)
    {
        var said = context.Message;
        return record.RunAsync(context, new(said.TenantId, said.RequestId, said.SubjectId, said.Service, said.Receipt, ReceiptAct.Erased));
    }
}

/// <summary>A service says that it took over a correction.</summary>
internal sealed class RecordRectificationConsumer(RecordReceipt record) : IConsumer<SubjectRectified>
{
    public Task Consume(ConsumeContext<SubjectRectified> context)
    {
        var said = context.Message;
        return record.RunAsync(
            context,
            new(said.TenantId, said.RequestId, said.SubjectId, said.Service, said.Receipt, ReceiptAct.Rectified)
        );
    }
}

/// <summary>A claim that something was done, before anybody has looked at its signature.</summary>
internal sealed record ClaimedReceipt(
    TenantId? TenantId,
    SubjectRequestId RequestId,
    DataSubjectId SubjectId,
    string Service,
    string Jws,
    ReceiptAct Act
);

/// <summary>
/// Takes a receipt only when the service's own key signed it, for this request and this act. Anything else is counted and forgotten:
/// the request stays open and the service is asked again.
/// </summary>
internal sealed partial class RecordReceipt(
    WorkDb<DataSubjectRequestDbContext> work,
    AskServices services,
    AdvanceRequest advance,
    TimeProvider clock,
    ILogger<RecordReceipt> logger
)
{
    public async Task RunAsync<TMessage>(ConsumeContext<TMessage> context, ClaimedReceipt claim)
        where TMessage : class
    {
        await using var db = work.CreateContext();
        if (!await IsGenuineAsync(db, claim, context.CancellationToken))
        {
            Refused(logger, claim.Service, claim.RequestId.ToString());
            return;
        }
        await context.ConsumeOnceAsync(db, claim.TenantId, clock, (inner, token) => RecordAsync(inner, claim, token));
        advance.Wake();
    }

    private async Task RecordAsync(DataSubjectRequestDbContext db, ClaimedReceipt claim, CancellationToken cancellationToken)
    {
        var request = await db.Requests.AsNoTracking().SingleOrDefaultAsync(row => row.RequestId == claim.RequestId, cancellationToken);
        if (request is null || request.SubjectId != claim.SubjectId || request.TenantId != claim.TenantId)
            return;
        // One after another, so that whoever comes last knows that it is the last.
        _ = await db
            .Routes.FromSql($"select * from request_route where request_id = {claim.RequestId.Value} for update")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await db
            .Tasks.Where(task => task.RequestId == claim.RequestId && task.Service == claim.Service && task.DoneAt == null)
            .ExecuteUpdateAsync(
                row => row.SetProperty(task => task.DoneAt, now).SetProperty(task => task.Receipt, claim.Jws),
                cancellationToken
            );
        if (await db.Tasks.AnyAsync(task => task.RequestId == claim.RequestId && task.DoneAt == null, cancellationToken))
            return;
        await db
            .Routes.Where(route => route.RequestId == claim.RequestId && route.NextAt != null)
            .ExecuteUpdateAsync(row => row.SetProperty(route => route.NextAt, now), cancellationToken);
    }

    private async Task<bool> IsGenuineAsync(DataSubjectRequestDbContext db, ClaimedReceipt claim, CancellationToken cancellationToken)
    {
        if (!AskServices.All.Contains(claim.Service, StringComparer.Ordinal) || ReceiptJws.KidOf(claim.Jws) is not { } kid)
            return false;
        return await KeyAsync(db, claim.Service, kid, cancellationToken) is { } key
            && key.Verify(claim.Jws) is { } receipt
            && receipt.Service == claim.Service
            && receipt.RequestId == claim.RequestId
            && receipt.Act == claim.Act;
    }

    private async Task<ReceiptKey?> KeyAsync(
        DataSubjectRequestDbContext db,
        string service,
        string kid,
        CancellationToken cancellationToken
    )
    {
        var known = await db
            .ReceiptKeys.AsNoTracking()
            .SingleOrDefaultAsync(key => key.Service == service && key.Kid == kid, cancellationToken);
        if (known is not null)
            return new(known.Kid, known.X, known.Y);
        // A name that the service itself does not answer to is nobody's key.
        var current = await services.ReceiptKeyAsync(service, cancellationToken);
        if (current.Kid != kid)
            return null;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into receipt_key (service, kid, x, y) values ({service}, {current.Kid}, {current.X}, {current.Y})
            on conflict do nothing
            """,
            cancellationToken
        );
        return current;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A receipt in the name of {Service} for {RequestId} is not genuine")]
    private static partial void Refused(ILogger logger, string service, string requestId);
}
