using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>
/// Asks Meta about stopped numbers. A token that works again closes the circuit; other trouble can't be seen by asking, so the number
/// is tried: the next refusal stops it again, without another notice.
/// </summary>
internal sealed class ProbeChannels(
    WorkDb<GatewayDbContext> work,
    CloudApiClient graph,
    OpenContact access,
    TimeProvider clock,
    ILogger<ProbeChannels> logger
) : Sweeper(logger)
{
    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await FindTenantsAsync(cancellationToken))
        {
            await using var db = work.CreateContext();
            var stopped = await db.InTenantAsync(tenant, (inner, token) => ClaimAsync(inner, tenant, token), cancellationToken);
            foreach (var channel in stopped)
                await ProbeAsync(db, tenant, channel, cancellationToken);
        }
        return false;
    }

    private async Task<List<TenantId>> FindTenantsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ReadAsync(
            "select distinct tenant_id from channel_route where connected order by tenant_id",
            [],
            row => new TenantId(row.GetGuid(0)),
            cancellationToken
        );
    }

    // The pause is set anew with the claim, so that replicas do not all ask at once.
    private async Task<List<Stopped>> ClaimAsync(GatewayDbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await db.Connection()
            .ReadAsync(
                """
                update channel set circuit_until = $2 where circuit_state = 'Open' and circuit_until <= $1 and state = 'Connected'
                returning id, phone_number_id, state, circuit_state, access_token, pace_at, paused_at, circuit_reason
                """,
                [now, now + OpenCircuit.Pause],
                row => (Channel: ChannelRow.Read(row, "id"), Reason: row.MaybeObject<string>("circuit_reason")),
                cancellationToken
            );
        var stopped = new List<Stopped>();
        foreach (var (channel, reason) in rows)
        {
            if (await access.OpenAccessAsync(db, tenant, channel, cancellationToken) is { } opened)
                stopped.Add(new(channel.Id, opened, reason));
        }
        return stopped;
    }

    private async Task ProbeAsync(GatewayDbContext db, TenantId tenant, Stopped channel, CancellationToken cancellationToken)
    {
        var answer = await graph.ReadNumberAsync(channel.Access, cancellationToken);
        if (answer.Verdict is not GraphVerdict.Accepted)
            return;
        var state = channel.Reason == "token" ? CircuitState.Closed : CircuitState.Trial;
        await db.InTenantAsync(
            tenant,
            (inner, token) =>
                inner
                    .Connection()
                    .RunAsync(
                        """
                        update channel set circuit_state = $2, circuit_until = null,
                            circuit_reason = case when $2 = 'Closed' then null else circuit_reason end
                        where id = $1 and circuit_state = 'Open'
                        """,
                        [channel.Id.Value, state.ToString()],
                        token
                    ),
            cancellationToken
        );
    }

    private sealed record Stopped(ChannelId Id, GraphAccess Access, string? Reason);
}
