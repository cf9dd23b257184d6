using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What a sender asks of a thread. Take-over, opt-out and erasure write under the same row lock: who holds it decides.</summary>
internal sealed record ThreadRow(
    ThreadId Id,
    ThreadMode Mode,
    bool OptedOut,
    bool Erased,
    DateTimeOffset WindowClosesAt,
    DateTimeOffset? PairPaidAt
)
{
    /// <summary>Locks a thread's row; null when it is gone.</summary>
    public static async Task<ThreadRow?> LockAsync(NpgsqlConnection connection, ThreadId thread, CancellationToken cancellationToken)
    {
        var rows = await connection.ReadAsync(
            "select id, mode, opted_out, erased, window_closes_at, pair_at from thread where id = $1 for update",
            [thread.Value],
            row => new ThreadRow(
                new(row.Value<Guid>("id")),
                Enum.Parse<ThreadMode>(row.Value<string>("mode")),
                row.Value<bool>("opted_out"),
                row.Value<bool>("erased"),
                row.Value<DateTimeOffset>("window_closes_at"),
                row.Maybe<DateTimeOffset>("pair_at")
            ),
            cancellationToken
        );
        return rows.SingleOrDefault();
    }
}
