using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>
/// Delivery states, in whatever order and however often they come: a state never goes back, each keeps its own time, failed is final.
/// One that carries our id settles the send it belongs to, also before our own call has returned.
/// </summary>
internal sealed class RecordStatuses(WamidIndex wamids, SendMetrics sends, IntakeMetrics metrics, TimeProvider clock)
{
    private static readonly Dictionary<string, MessageStatus> Words = new(StringComparer.Ordinal)
    {
        ["accepted"] = MessageStatus.Accepted,
        ["sent"] = MessageStatus.Sent,
        ["delivered"] = MessageStatus.Delivered,
        ["read"] = MessageStatus.Read,
        ["played"] = MessageStatus.Played,
        ["failed"] = MessageStatus.Failed,
    };

    private const string Rank = "array_position(array['Queued', 'Accepted', 'Sent', 'Delivered', 'Read', 'Played'], {0})";

    public async Task RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        List<StatusItem> statuses,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        if (statuses.Count == 0)
            return;
        var connection = db.Connection();
        var marks = await LocateAsync(connection, statuses, routes, cancellationToken);
        if (marks.Count == 0)
            return;
        var ours = marks.Where(mark => mark.IsOurs && mark.Status is not MessageStatus.Failed).DistinctBy(mark => mark.Id).ToArray();
        await RecordAcceptance.RunAsync(
            connection,
            tenant,
            [.. ours.Select(mark => mark.Id)],
            [.. ours.Select(mark => mark.At)],
            sends,
            clock,
            cancellationToken
        );
        // One status at a time for each message: the newest of a batch is not always its last.
        var changed = new List<MessageStatusChanged>();
        foreach (var round in Rounds(marks))
            changed.AddRange(await MarkAsync(connection, tenant, round, cancellationToken));
        await connection.PublishAsync(changed, clock, cancellationToken);
    }

    private static IEnumerable<List<Mark>> Rounds(List<Mark> marks) =>
        marks
            .GroupBy(mark => mark.Id)
            .SelectMany(group => group.Select((mark, i) => (mark, Round: i)))
            .GroupBy(pair => pair.Round)
            .OrderBy(group => group.Key)
            .Select(group => group.Select(pair => pair.mark).ToList());

    private async Task<List<Mark>> LocateAsync(
        NpgsqlConnection connection,
        List<StatusItem> statuses,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        var known = statuses.Where(status => Words.ContainsKey(status.Status)).ToList();
        metrics.Item("status:unknown", statuses.Count - known.Count);
        var numbers = known.ConvertAll(status => routes.Of(status).PhoneNumberId);
        var hmacs = known.ConvertAll(status => wamids.Of(status.Wamid));
        var ids = known.ConvertAll(status => MessageId.TryParse(status.CallbackData, null, out var id) ? id.Value : Guid.Empty);
        var rows = await connection.ReadAsync(
            """
            select asked.i, coalesce(s.message_id, k.message_id), coalesce(s.created_at, k.arrived_at), s.message_id is not null
            from unnest($1, $2, $3, $4) as asked(i, phone_number_id, wamid_hmac, message_id)
            left join send s on s.message_id = asked.message_id
            left join message_key k on k.phone_number_id = asked.phone_number_id and k.wamid_hmac = asked.wamid_hmac
            where s.message_id is not null or k.message_id is not null
            """,
            [Enumerable.Range(0, known.Count).ToArray(), numbers, hmacs, ids],
            row =>
                (
                    Index: row.GetInt32(0),
                    Id: new MessageId(row.GetGuid(1)),
                    ArrivedAt: row.GetFieldValue<DateTimeOffset>(2),
                    Ours: row.GetBoolean(3)
                ),
            cancellationToken
        );
        metrics.Item("status:foreign", known.Count - rows.Count);
        return
        [
            .. rows.OrderBy(row => row.Index)
                .Select(row => Mark.Of(known[row.Index], Words[known[row.Index].Status], row.Id, row.ArrivedAt, row.Ours)),
        ];
    }

    private static async Task<List<MessageStatusChanged>> MarkAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<Mark> marks,
        CancellationToken cancellationToken
    )
    {
        var before = string.Format(CultureInfo.InvariantCulture, Rank, "m.status");
        var after = string.Format(CultureInfo.InvariantCulture, Rank, "s.status");
        await using var command = connection.Command(
            $"""
            with marked as (
                update message_log m set
                    status = case
                        when m.status = 'Failed' then 'Failed'
                        when s.status = 'Failed' then case when m.status in ('Delivered', 'Read', 'Played') then m.status else 'Failed' end
                        when m.status is null or {after} > {before} then s.status else m.status end,
                    accepted_at = case when s.status = 'Accepted' then coalesce(m.accepted_at, s.at) else m.accepted_at end,
                    sent_status_at = case when s.status = 'Sent' then coalesce(m.sent_status_at, s.at) else m.sent_status_at end,
                    delivered_at = case when s.status = 'Delivered' then coalesce(m.delivered_at, s.at) else m.delivered_at end,
                    read_at = case when s.status = 'Read' then coalesce(m.read_at, s.at) else m.read_at end,
                    played_at = case when s.status = 'Played' then coalesce(m.played_at, s.at) else m.played_at end,
                    failed_at = case when s.status = 'Failed' then coalesce(m.failed_at, s.at) else m.failed_at end,
                    error_code = coalesce(m.error_code, s.error_code), billable = coalesce(m.billable, s.billable),
                    pricing_model = coalesce(m.pricing_model, s.model), pricing_type = coalesce(m.pricing_type, s.type),
                    pricing_category = coalesce(m.pricing_category, s.category)
                from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as s(arrived_at, id, status, at, error_code, billable, model, type, category)
                where m.arrived_at = s.arrived_at and m.id = s.id
                    and case s.status when 'Accepted' then m.accepted_at when 'Sent' then m.sent_status_at when 'Delivered' then m.delivered_at
                        when 'Read' then m.read_at when 'Played' then m.played_at else m.failed_at end is null
                returning m.id, m.thread_id, m.subject
            )
            select id, thread_id, subject from marked
            """,
            marks.Select(mark => mark.ArrivedAt).ToArray(),
            marks.Select(mark => mark.Id.Value).ToArray(),
            marks.Select(mark => mark.Status.ToString()).ToArray(),
            marks.Select(mark => mark.At).ToArray(),
            marks.Select(mark => mark.ErrorCode).ToArray(),
            marks.Select(mark => mark.Pricing?.Billable).ToArray(),
            marks.Select(mark => mark.Pricing?.Model).ToArray(),
            marks.Select(mark => mark.Pricing?.Type).ToArray(),
            marks.Select(mark => mark.Pricing?.Category).ToArray()
        );
        for (var column = 6; column <= 8; column++)
            command.Parameters[column].NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var byId = marks.ToDictionary(mark => mark.Id);
        var changed = new List<MessageStatusChanged>();
        while (await reader.ReadAsync(cancellationToken))
            changed.Add(byId[new(reader.GetGuid(0))].Changed(tenant, new(reader.GetGuid(1)), new(reader.GetGuid(2))));
        return changed;
    }

    private sealed record Mark(
        MessageId Id,
        DateTimeOffset ArrivedAt,
        bool IsOurs,
        MessageStatus Status,
        DateTimeOffset At,
        int? ErrorCode,
        PayloadPricing? Pricing
    )
    {
        public static Mark Of(StatusItem item, MessageStatus status, MessageId id, DateTimeOffset arrivedAt, bool ours) =>
            new(id, arrivedAt, ours, status, MessageTime.Read(item.Timestamp, item.Origin.ArrivedAt).SentAt, item.ErrorCode, item.Pricing);

        public MessageStatusChanged Changed(TenantId tenant, ThreadId thread, DataSubjectId subject) =>
            new()
            {
                TenantId = tenant,
                MessageId = Id,
                ThreadId = thread,
                SubjectId = subject,
                Status = Status,
                At = At,
                Pricing = Pricing is null
                    ? null
                    : new MessagePricing
                    {
                        Billable = Pricing.Billable,
                        Model = Pricing.Model,
                        Type = Pricing.Type,
                        Category = Pricing.Category,
                    },
            };
    }
}
