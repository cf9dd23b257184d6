using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>Loads identity's list at start, tries until it has it, and repeats it slowly: a broadcast may be missed while the bus is away.</summary>
internal sealed class LoadRevocations(IHttpClientFactory clients, RevocationList revocations, ILogger<LoadRevocations> logger)
    : Sweeper(logger)
{
    protected override TimeSpan Interval => revocations.IsLoaded ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ServiceClients.Identity);
        var list = await client.GetFromJsonAsync<RevokedSessions>("/internal/revoked-sessions", Json.Options, cancellationToken);
        revocations.Load(list!.Items);
        return false;
    }
}
