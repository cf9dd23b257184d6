using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Data;
using WpAsis.Identity.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Identity.Notices;

/// <summary>Another service wants an account, or a tenant's owners, to get a mail. The same notice twice is one mail.</summary>
internal sealed class SendNoticeConsumer(IdentityDbContext db, TimeProvider clock) : IConsumer<SendNotice>
{
    private const int MostValues = 20;
    private const int LongestValue = 200;
    private const int MostOwners = 100;

    public Task Consume(ConsumeContext<SendNotice> context)
    {
        var command = context.Message;
        if (command.Values.Count > MostValues || command.Values.Any(pair => pair.Key.Length + pair.Value.Length > LongestValue))
            throw new InvalidOperationException("A notice carries numbers, dates and plan names, and few of them.");
        if (command.Link is { } link && (!link.StartsWith('/') || link.StartsWith("//", StringComparison.Ordinal)))
            throw new InvalidOperationException("A notice links into the console and nowhere else.");

        return context.ConsumeOnceAsync(
            db,
            command.TenantId,
            clock,
            async (_, token) =>
            {
                foreach (var recipient in await RecipientsAsync(command, token))
                {
                    // The sender may repeat the command as another message.
                    if (!await db.Notices.AnyAsync(row => row.NoticeId == command.NoticeId && row.SubjectId == recipient, token))
                        db.Notices.Add(Notice.From(command, recipient, clock));
                }
            }
        );
    }

    private async Task<List<DataSubjectId>> RecipientsAsync(SendNotice command, CancellationToken token)
    {
        if (command.SubjectId is { } subject)
            return [subject];
        var owners =
            from membership in db.Memberships
            join account in db.Accounts on membership.AccountId equals account.AccountId
            where membership.TenantId == command.TenantId && membership.Role == MemberRole.Owner
            orderby membership.Since
            select account.SubjectId;
        return await owners.Take(MostOwners).ToListAsync(token);
    }
}
