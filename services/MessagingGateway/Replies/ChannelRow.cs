using Npgsql;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What a sender asks of a number.</summary>
internal sealed record ChannelRow(
    ChannelId Id,
    string PhoneNumberId,
    ChannelState State,
    CircuitState Circuit,
    SealedText AccessToken,
    DateTimeOffset? PaidAt,
    bool Paused
)
{
    /// <summary>Connected, and not stopped by Meta. An operator's pause stops sending too, and nothing is dropped for it.</summary>
    public bool IsOpen => State is ChannelState.Connected && Circuit is not CircuitState.Open;

    /// <summary>Locks a number's row: its pace is one for all replicas. The thread's row is locked before.</summary>
    public static async Task<ChannelRow?> LockAsync(NpgsqlConnection connection, ChannelId channel, CancellationToken cancellationToken)
    {
        var rows = await connection.ReadAsync(
            "select id, phone_number_id, state, circuit_state, access_token, pace_at, paused_at from channel where id = $1 for update",
            [channel.Value],
            row => Read(row, "id"),
            cancellationToken
        );
        return rows.SingleOrDefault();
    }

    /// <summary>Reads a row whose number's id stands in the named column.</summary>
    public static ChannelRow Read(NpgsqlDataReader row, string id) =>
        new(
            new(row.Value<Guid>(id)),
            row.Value<string>("phone_number_id"),
            Enum.Parse<ChannelState>(row.Value<string>("state")),
            Enum.Parse<CircuitState>(row.Value<string>("circuit_state")),
            SealedText.FromBytes(row.Value<byte[]>("access_token")),
            row.Maybe<DateTimeOffset>("pace_at"),
            row.Maybe<DateTimeOffset>("paused_at") is not null
        );
}
