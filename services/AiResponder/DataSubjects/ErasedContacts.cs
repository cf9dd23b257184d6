using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;

namespace WpAsis.AiResponder.DataSubjects;

/// <summary>A message that was under way when its contact was forgotten is dropped: it must not bring them back.</summary>
internal static class ErasedContacts
{
    public static async Task<IReadOnlyList<ReceivedMessage>> WithoutErasedAsync(
        this ResponderDbContext db,
        IReadOnlyList<ReceivedMessage> items,
        CancellationToken cancellationToken
    )
    {
        var subjects = items.Select(item => item.SubjectId.Value).Distinct().ToArray();
        // This service keeps contacts' tombstones without a tenant: they are seen before one is named.
        var erased = await db
            .Database.SqlQuery<Guid>($"""select subject as "Value" from vault.tombstone where subject = any ({subjects})""")
            .ToListAsync(cancellationToken);
        return erased.Count == 0 ? items : [.. items.Where(item => !erased.Contains(item.SubjectId.Value))];
    }
}
