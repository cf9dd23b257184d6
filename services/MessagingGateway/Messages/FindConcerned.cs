using Npgsql;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Our ids of the messages that edits and revokes are about.</summary>
internal sealed class ConcernedMessages(Dictionary<string, MessageId> known, WamidIndex wamids)
{
    public MessageId? Of(Arrival arrival) =>
        arrival.Item is InboundItem { Concerns: { } wamid } && known.TryGetValue(FindConcerned.KeyOf(arrival, wamids.Of(wamid)), out var id)
            ? id
            : null;
}

/// <summary>Looks them up by the keyed hashes of their wamids.</summary>
internal sealed class FindConcerned(WamidIndex wamids)
{
    public async Task<ConcernedMessages> RunAsync(NpgsqlConnection connection, List<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var asked = arrivals
            .Select(arrival => (Arrival: arrival, Wamid: (arrival.Item as InboundItem)?.Concerns))
            .Where(pair => pair.Wamid is not null)
            .Select(pair => (pair.Arrival.Route.PhoneNumberId, Hmac: wamids.Of(pair.Wamid!.Value)))
            .ToArray();
        if (asked.Length == 0)
            return new([], wamids);
        var found = await connection.ReadAsync(
            """
            select k.phone_number_id, k.wamid_hmac, k.message_id from message_key k
            join unnest($1, $2) as asked(phone_number_id, wamid_hmac) using (phone_number_id, wamid_hmac)
            """,
            [asked.Select(pair => pair.PhoneNumberId).ToArray(), asked.Select(pair => pair.Hmac).ToArray()],
            row => (Key: KeyOf(row.GetString(0), row.GetFieldValue<byte[]>(1)), Id: new MessageId(row.GetGuid(2))),
            cancellationToken
        );
        return new(found.ToDictionary(pair => pair.Key, pair => pair.Id, StringComparer.Ordinal), wamids);
    }

    public static string KeyOf(Arrival arrival, byte[] hmac) => KeyOf(arrival.Route.PhoneNumberId, hmac);

    private static string KeyOf(string phoneNumberId, byte[] hmac) => phoneNumberId + ":" + Convert.ToHexString(hmac);
}
