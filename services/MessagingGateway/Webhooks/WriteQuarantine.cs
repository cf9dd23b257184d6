using Npgsql;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Keeps what could not be taken in for 72 hours, sealed anew, so that an operator can replay it.</summary>
internal sealed partial class WriteQuarantine(
    ContentSealer sealer,
    IntakeMetrics metrics,
    TimeProvider clock,
    ILogger<WriteQuarantine> logger
)
{
    public async Task RunAsync(
        NpgsqlConnection connection,
        IntakeOrigin origin,
        string what,
        string reason,
        TenantId? tenant,
        ReadOnlyMemory<byte> raw,
        CancellationToken cancellationToken
    )
    {
        var id = TypedId.NewGuid(clock);
        var content = sealer.SealRaw(id, raw.Span, WindowClass.Hours72);
        await connection.RunAsync(
            """
            insert into quarantine (id, arrived_at, reason, what, tenant_id, epoch, nonce, ciphertext, tag, trace_parent)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                id,
                clock.GetUtcNow(),
                reason,
                what,
                tenant?.Value,
                content.Epoch,
                content.Nonce,
                content.Ciphertext,
                content.Tag,
                origin.TraceParent,
            ],
            cancellationToken
        );
        metrics.Quarantined(reason);
        Quarantined(logger, what, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook's {What} went to quarantine: {Reason}")]
    private static partial void Quarantined(ILogger logger, string what, string reason);
}
