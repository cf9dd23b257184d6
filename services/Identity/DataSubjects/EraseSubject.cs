using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Identity.DataSubjects;

/// <summary>
/// Forgets an account: its sessions end everywhere, its memberships go, its address may register anew as somebody else.
/// The last owner of a business stays until the business is handed over, or closed with it on request.
/// </summary>
internal sealed partial class EraseSubjectConsumer(
    WorkDb<IdentityDbContext> work,
    SubjectEraser eraser,
    CloseBusiness close,
    TimeProvider clock,
    ILogger<EraseSubjectConsumer> logger
) : IConsumer<ErasureRequested>
{
    public async Task Consume(ConsumeContext<ErasureRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        await context.AnswerErasureAsync(db, DataSubjectsFeature.Service, clock, (inner, token) => EraseAsync(inner, request, token));
    }

    private async Task<string?> EraseAsync(IdentityDbContext db, ErasureRequested request, CancellationToken cancellationToken)
    {
        var order = new ErasureOrder(request.RequestId, request.SubjectId, request.TenantId, request.At);
        var accounts = await db
            .Accounts.FromSql($"select * from account where subject_id = {request.SubjectId.Value} for update")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (accounts is not [var account])
            return await eraser.EraseAsync(db, order, cancellationToken);

        var owned = await Ownership.OfAsync(db, account.AccountId, cancellationToken);
        var last = owned.Where(business => business.IsLastOwner).Select(business => business.TenantId).ToList();
        if (last.Count > 0 && request.CloseBusinesses is not true)
        {
            StaysForNow(logger, request.RequestId.ToString());
            return null;
        }
        foreach (var tenant in last)
            await close.RunAsync(db, tenant, cancellationToken);
        await EndSessionsAsync(db, request.SubjectId, cancellationToken);
        return await eraser.EraseAsync(
            db,
            order with
            {
                Tenants = [.. owned.Select(business => business.TenantId)],
                Handled = await DeleteTokensAsync(db, account.AccountId, cancellationToken),
            },
            cancellationToken
        );
    }

    private async Task EndSessionsAsync(IdentityDbContext db, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var open = await db
            .Sessions.AsNoTracking()
            .Where(session => session.SubjectId == subject && session.EndedAt == null)
            .Select(session => session.SessionId)
            .ToListAsync(cancellationToken);
        foreach (var session in open)
        {
            db.Publish(
                new SessionRevoked
                {
                    SessionId = session,
                    SubjectId = subject,
                    At = now,
                },
                clock
            );
        }
    }

    // The issuer's own tables name the account as text; the declaration does not reach them.
    private static async Task<Dictionary<string, int>> DeleteTokensAsync(
        IdentityDbContext db,
        AccountId account,
        CancellationToken cancellationToken
    )
    {
        var name = account.ToString();
        return new(StringComparer.Ordinal)
        {
            ["openiddict_token"] = await db.Database.ExecuteSqlAsync(
                $"delete from openiddict_token where subject = {name}",
                cancellationToken
            ),
            ["openiddict_authorization"] = await db.Database.ExecuteSqlAsync(
                $"delete from openiddict_authorization where subject = {name}",
                cancellationToken
            ),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} waits: the account is the last owner of a business")]
    private static partial void StaysForNow(ILogger logger, string requestId);
}
