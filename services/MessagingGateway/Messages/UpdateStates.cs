using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>The state machine, as one statement: queued, accepted, sent, delivered, read, played; failed ends it.</summary>
internal static class UpdateStates
{
    private const string Update = """
        with news as (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as n(id, arrived_at, first_at, sent,
                delivered, read, played, failed, error_code, billable, model, type, category, wamid)
        ), old as (
            select m.arrived_at, m.id, m.status, m.billable from message_log m join news n on m.arrived_at = n.arrived_at and m.id = n.id
            where m.arrived_at between $15 and $16 order by m.arrived_at, m.id for update of m
        )
        update message_log m set
            status = case
                when old.status = 'Failed' then 'Failed'
                when coalesce(m.played_at, n.played) is not null then 'Played'
                when coalesce(m.read_at, n.read) is not null then 'Read'
                when coalesce(m.delivered_at, n.delivered) is not null then 'Delivered'
                when coalesce(m.failed_at, n.failed) is not null then 'Failed'
                when coalesce(m.sent_status_at, n.sent) is not null then 'Sent'
                else 'Accepted' end,
            accepted_at = coalesce(m.accepted_at, n.first_at),
            sent_status_at = least(m.sent_status_at, n.sent), delivered_at = least(m.delivered_at, n.delivered),
            read_at = least(m.read_at, n.read), played_at = least(m.played_at, n.played), failed_at = least(m.failed_at, n.failed),
            error_code = coalesce(m.error_code, n.error_code), billable = coalesce(m.billable, n.billable),
            pricing_model = coalesce(m.pricing_model, n.model), pricing_type = coalesce(m.pricing_type, n.type),
            pricing_category = coalesce(m.pricing_category, n.category), wamid = coalesce(m.wamid, n.wamid)
        from old join news n on n.arrived_at = old.arrived_at and n.id = old.id
        where m.arrived_at = old.arrived_at and m.id = old.id and m.arrived_at between $15 and $16
        returning m.id, m.status, old.status is distinct from m.status or (old.billable is null and m.billable is not null)
        """;

    /// <summary>Moves the states of one tenant's messages on, and says which moved.</summary>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<MessageStates> found,
        BatchMessages bus,
        CancellationToken cancellationToken
    )
    {
        var moved = await connection.ReadAsync(
            Update,
            [
                Uuids(found.Select(states => states.Message.Id.Value)),
                Times(found.Select(states => states.Message.ArrivedAt)),
                Times(found.Select(states => states.First)),
                At(found, MessageStatus.Sent),
                At(found, MessageStatus.Delivered),
                At(found, MessageStatus.Read),
                At(found, MessageStatus.Played),
                At(found, MessageStatus.Failed),
                MaybeNumbers(found.Select(states => states.ErrorCode)),
                MaybeFlags(found.Select(states => states.Pricing?.Billable)),
                Texts(found.Select(states => states.Pricing?.Model)),
                Texts(found.Select(states => states.Pricing?.Type)),
                Texts(found.Select(states => states.Pricing?.Category)),
                Bytes(found.Select(states => states.SealedWamid)),
                found.Min(states => states.Message.ArrivedAt),
                found.Max(states => states.Message.ArrivedAt),
            ],
            row => (Id: new MessageId(row.GetGuid(0)), Status: Enum.Parse<MessageStatus>(row.GetString(1)), Moved: row.GetBoolean(2)),
            cancellationToken
        );
        var byId = found.ToDictionary(states => states.Message.Id);
        foreach (var (id, status, _) in moved.Where(row => row.Moved))
            bus.Statuses.Add(Changed(tenant, byId[id], status));
    }

    private static MessageStatusChanged Changed(TenantId tenant, MessageStates states, MessageStatus status) =>
        new()
        {
            TenantId = tenant,
            MessageId = states.Message.Id,
            ThreadId = states.Thread!.Value,
            SubjectId = states.Subject,
            Status = status,
            At = states.At(status) ?? states.First,
            Pricing = states.Pricing,
        };

    private static NpgsqlParameter At(List<MessageStates> found, MessageStatus status) =>
        MaybeTimes(found.Select(states => states.At(status)));
}
