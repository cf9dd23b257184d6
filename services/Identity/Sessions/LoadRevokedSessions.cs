using WpAsis.Identity.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Sessions;

/// <summary>This process's own list, from the rows: at start until it has it, then slowly behind the broadcast.</summary>
internal sealed class LoadRevokedSessions(
    WorkDb<IdentityDbContext> work,
    RevocationList revocations,
    TimeProvider clock,
    ILogger<LoadRevokedSessions> logger
) : Sweeper(logger)
{
    protected override TimeSpan Interval => revocations.IsLoaded ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        revocations.Load(await ListRevokedSessionsEndpoint.ReadAsync(db, clock, cancellationToken));
        return false;
    }
}
