using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>Meta's own marketing preference: it stops marketing and leaves answers alone.</summary>
internal sealed class RecordPreferences(ChangeOptOut optOuts)
{
    public Task RunAsync(GatewayDbContext db, TenantId tenant, PreferenceItem preference, CancellationToken cancellationToken) =>
        optOuts.RememberAsync(db, tenant, preference.Person, "Marketing", preference.Stop, cancellationToken);
}
