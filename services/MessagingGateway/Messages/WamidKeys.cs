using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Knows a repeated message again, and finds the messages that others refer to, by keyed hash of Meta's id.</summary>
internal sealed class WamidKeys(WamidIndex index, TimeProvider clock)
{
    /// <summary>
    /// Gives each message an id and keeps those that were not taken in before: Meta repeats for days, from several machines.
    /// </summary>
    public async Task<List<IncomingMessage>> TakeNewAsync(
        NpgsqlConnection connection,
        IReadOnlyList<IncomingMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (messages.Count == 0)
            return [];
        foreach (var message in messages)
            message.Id = TypedId.New<MessageId>(clock);
        // Sorted, so that two transactions with the same repeats never wait for each other in a circle.
        var rows = messages.Select(message => (Message: message, Key: KeyOf(message, message.Wamid))).ToList();
        rows.Sort((one, other) => Hash256.Compare(one.Key.Hmac, other.Key.Hmac));
        var stored = await connection.ReadAsync(
            """
            insert into message_key (phone_number_id, wamid_hmac, message_id, arrived_at) select * from unnest($1, $2, $3, $4)
            on conflict do nothing returning message_id
            """,
            [
                Texts(rows.Select(row => row.Key.PhoneNumberId)),
                Bytes(rows.Select(row => row.Key.Hmac.ToBytes())),
                Uuids(rows.Select(row => row.Message.Id.Value)),
                Times(rows.Select(row => row.Message.Value.ArrivedAt)),
            ],
            row => row.GetGuid(0),
            cancellationToken
        );
        var fresh = stored.ToHashSet();
        return [.. messages.Where(message => fresh.Contains(message.Id.Value))];
    }

    /// <summary>Finds what events are about.</summary>
    public async Task<References> FindAsync(
        NpgsqlConnection connection,
        IEnumerable<(IncomingItem Item, Wamid Wamid)> wanted,
        CancellationToken cancellationToken
    )
    {
        var keys = wanted.Select(one => KeyOf(one.Item, one.Wamid)).Distinct().ToList();
        if (keys.Count == 0)
            return new References([], KeyOf);
        var rows = await connection.ReadAsync(
            """
            select k.phone_number_id, k.wamid_hmac, k.message_id, k.arrived_at from unnest($1, $2) as w(number, hmac)
            join message_key k on k.phone_number_id = w.number and k.wamid_hmac = w.hmac
            """,
            [Texts(keys.Select(key => key.PhoneNumberId)), Bytes(keys.Select(key => key.Hmac.ToBytes()))],
            row =>
                (
                    Key: new WamidKey(row.GetString(0), Hash256.Of(row.GetFieldValue<byte[]>(1))),
                    Message: new KeyedMessage(new(row.GetGuid(2)), row.GetFieldValue<DateTimeOffset>(3))
                ),
            cancellationToken
        );
        return new References(rows.ToDictionary(row => row.Key, row => row.Message), KeyOf);
    }

    private WamidKey KeyOf(IncomingItem item, Wamid wamid) => new(item.Value.PhoneNumberId, Hash256.Of(index.Of(wamid)));
}
