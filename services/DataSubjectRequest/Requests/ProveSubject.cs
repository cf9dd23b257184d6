using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>
/// A code came from somebody's own WhatsApp: that is who they are. The first code says whose the request is; a later one, for a download,
/// counts only from the same person. A code that nobody waits for, that is too old or that was used says nothing to anybody.
/// </summary>
internal sealed partial class ProveSubjectConsumer(
    WorkDb<DataSubjectRequestDbContext> work,
    AdvanceRequest advance,
    TimeProvider clock,
    ILogger<ProveSubjectConsumer> logger
) : IConsumer<SubjectProved>
{
    public async Task Consume(ConsumeContext<SubjectProved> context)
    {
        var proved = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(db, proved.TenantId, clock, (inner, token) => ProveAsync(inner, proved, token));
        advance.Wake();
    }

    private async Task ProveAsync(DataSubjectRequestDbContext db, SubjectProved proved, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var routes = await db
            .Routes.FromSql($"select * from request_route where code_hash = {proved.CodeHash} and code_expires_at > {now} for update")
            .ToListAsync(cancellationToken);
        if (routes is not [var route] || (route.TenantId is { } tenant && tenant != proved.TenantId))
        {
            NobodyWaits(logger);
            return;
        }
        var request = await db.Requests.SingleAsync(row => row.RequestId == route.RequestId, cancellationToken);
        if (request.State is RequestState.AwaitingProof)
        {
            request.Apply(RequestEvent.Proved, now);
            (request.SubjectId, request.TenantId, request.ProvedAt) = (proved.SubjectId, proved.TenantId, now);
            (route.TenantId, route.NextAt) = (proved.TenantId, now);
        }
        else if (request.HasArchive(now) && request.SubjectId == proved.SubjectId)
        {
            request.DownloadUntil = now + Privacy.Retention.RetentionTable.ExportLinks;
        }
        else
        {
            NobodyWaits(logger);
            return;
        }
        (route.CodeHash, route.CodeExpiresAt) = (null, null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A code came that nobody waits for")]
    private static partial void NobodyWaits(ILogger logger);
}
