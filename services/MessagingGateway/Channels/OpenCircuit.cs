using System.Globalization;
using Npgsql;
using WpAsis.Contracts.Identity;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>
/// Stops a number that Meta refuses as such (token, payment, registration, integrity, spam) and tells its customer, once.
/// Trying on would cost the number its reputation; intake goes on.
/// </summary>
internal sealed class OpenCircuit(SendMetrics metrics, TimeProvider clock)
{
    /// <summary>So long nothing is tried; then a probe asks Meta about the number.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Opens the circuit of a number. The notice goes out with the opening, not with a repeat of it.</summary>
    public async Task OpenAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        ChannelId channel,
        int? code,
        CancellationToken cancellationToken
    )
    {
        var before = await connection.ReadAsync(
            "select circuit_state from channel where id = $1 for update",
            [channel.Value],
            row => Enum.Parse<CircuitState>(row.GetString(0)),
            cancellationToken
        );
        if (before is not [var state] || state is CircuitState.Open)
            return;
        await connection.RunAsync(
            "update channel set circuit_state = 'Open', circuit_reason = $2, circuit_until = $3 where id = $1",
            [channel.Value, ReasonOf(code), clock.GetUtcNow() + Pause],
            cancellationToken
        );
        metrics.CircuitOpened();
        if (state is CircuitState.Trial)
            return;
        var notice = new SendNotice
        {
            TenantId = tenant,
            NoticeId = TypedId.New<NoticeId>(clock),
            Notice = NoticeKind.ChannelNeedsAttention,
            Values = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["reason"] = ReasonOf(code),
                ["code"] = code?.ToString(CultureInfo.InvariantCulture) ?? "",
            },
            Link = "/channels",
        };
        await connection.PublishAsync([notice], clock, cancellationToken);
    }

    /// <summary>A message got through on trial: the number works.</summary>
    public static Task CloseAfterTrialAsync(NpgsqlConnection connection, ChannelId channel, CancellationToken cancellationToken) =>
        connection.RunAsync(
            """
            update channel set circuit_state = 'Closed', circuit_reason = null, circuit_until = null
            where id = $1 and circuit_state = 'Trial'
            """,
            [channel.Value],
            cancellationToken
        );

    /// <summary>A word for the customer: what kind of trouble it is.</summary>
    public static string ReasonOf(int? code) =>
        code switch
        {
            131042 => "payment",
            131045 or 133010 or 133016 => "registration",
            368 or 130497 or 131031 => "policy",
            131048 or 131064 => "limits",
            _ when GraphError.IsAuthorization(code) => "token",
            _ => "unknown",
        };
}
