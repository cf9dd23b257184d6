using MassTransit;
using Npgsql;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Marks the newest message read and shows that somebody types, when the assistant begins to answer. A courtesy:
/// it is tried twice at most, quickly, and whatever comes of it the answer goes its way.
/// </summary>
internal sealed partial class ShowTypingConsumer(
    GatewayDbContext db,
    OpenContact contacts,
    Vault vault,
    CloudApiClient graph,
    CallFence fence,
    ILogger<ShowTypingConsumer> logger
) : IConsumer<TurnStarted>
{
    private const int Tries = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // The id tells when it was made, which is soon after the message arrived: few days have to be looked through.
    private static readonly TimeSpan LongestIntake = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<TurnStarted> context)
    {
        var turn = context.Message;
        if (turn.MessageIds.Count > 0)
            await fence.CallAsync(turn.ThreadId, () => MarkAsync(turn, context.CancellationToken), context.CancellationToken);
    }

    private async Task MarkAsync(TurnStarted turn, CancellationToken cancellationToken)
    {
        var mark = await db.InTenantAsync(
            turn.TenantId,
            (inner, token) => FindAsync(inner, turn, turn.MessageIds[^1], token),
            cancellationToken
        );
        for (var i = 0; mark is not null && i < Tries; i++)
        {
            if (await TryMarkAsync(mark.Access, mark.Wamid, cancellationToken))
                return;
        }
    }

    private async Task<bool> TryMarkAsync(GraphAccess access, Wamid wamid, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await graph.MarkReadAsync(access, wamid, limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            TypingNotShown(logger, error.GetType().Name);
            return false;
        }
    }

    private async Task<ReadMark?> FindAsync(
        GatewayDbContext inner,
        TurnStarted turn,
        MessageId message,
        CancellationToken cancellationToken
    )
    {
        var connection = inner.Connection();
        var madeAt = TypedId.MadeAt(message);
        var rows = await connection.ReadAsync(
            """
            select m.wamid, m.subject, c.id as channel_id, c.phone_number_id, c.state, c.circuit_state, c.access_token, c.pace_at,
                c.paused_at
            from message_log m join thread t on t.id = m.thread_id join channel c on c.id = m.channel_id
            where m.id = $1 and m.thread_id = $2 and m.arrived_at between $3 and $4 and m.wamid is not null
                and t.mode = $5 and not t.opted_out and not t.erased
            """,
            [message.Value, turn.ThreadId.Value, madeAt - LongestIntake, madeAt + LongestIntake, ThreadMode.Assistant.ToString()],
            row => (Wamid: SealedText.FromBytes(row.Value<byte[]>("wamid")), Subject: row.Value<Guid>("subject"), Channel: Channel(row)),
            cancellationToken
        );
        if (rows is not [var found] || found.Channel is not { IsOpen: true, Paused: false })
            return null;
        if (await vault.TryOpenSubjectKeyAsync(inner, new(found.Subject), cancellationToken) is not { } key)
            return null;
        var access = await contacts.OpenAccessAsync(inner, turn.TenantId, found.Channel, cancellationToken);
        return access is null ? null : new(access, Wamid.Parse(key.Unseal(SealedColumns.MessageWamid, found.Wamid)));
    }

    private static ChannelRow Channel(NpgsqlDataReader row) => ChannelRow.Read(row, "channel_id");

    [LoggerMessage(Level = LogLevel.Debug, Message = "Typing was not shown: {Error}")]
    private static partial void TypingNotShown(ILogger logger, string error);

    private sealed class ReadMark(GraphAccess access, Wamid wamid)
    {
        public GraphAccess Access { get; } = access;

        public Wamid Wamid { get; } = wamid;
    }
}
