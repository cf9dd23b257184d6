using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Sessions;

/// <summary>Ends a session: here at once, in every other process by <see cref="SessionRevoked"/>. A second time changes nothing.</summary>
internal sealed class SignOut(IdentityDbContext db, RevocationList revocations, TimeProvider clock)
{
    public async Task EndAsync(SessionId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ended = await db.InTransactionAsync(
            async (_, token) =>
            {
                var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.SessionId == id, token);
                var rows = await db
                    .Sessions.Where(row => row.SessionId == id && row.EndedAt == null)
                    .ExecuteUpdateAsync(row => row.SetProperty(value => value.EndedAt, now), token);
                if (session is null || rows == 0)
                    return false;
                db.Publish(
                    new SessionRevoked
                    {
                        SessionId = id,
                        SubjectId = session.SubjectId,
                        At = now,
                    },
                    clock
                );
                return true;
            },
            cancellationToken
        );
        if (ended)
            revocations.Add(id, now);
    }
}
