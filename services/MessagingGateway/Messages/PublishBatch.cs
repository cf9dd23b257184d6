using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Replies;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Writes the outbox rows of a transaction: one per 256 messages, or fewer where they are long.</summary>
internal static class PublishBatch
{
    private const int MostItems = 256;
    private const int MostBytes = 1024 * 1024;

    // Ids, times and names of one item in JSON, generously.
    private const int Envelope = 1_024;

    public static async Task RunAsync(
        NpgsqlConnection connection,
        BatchMessages bus,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await connection.PublishAsync(bus.Changed, clock, cancellationToken);
        await connection.PublishAsync(Chunks(bus.Received), clock, cancellationToken);
        await connection.PublishAsync(bus.Human, clock, cancellationToken);
        await connection.PublishAsync(bus.Statuses, clock, cancellationToken);
        await connection.PublishAsync(bus.Proved, clock, cancellationToken);
    }

    internal static IEnumerable<MessagesReceived> Chunks(List<ReceivedMessage> items)
    {
        var chunk = new List<ReceivedMessage>();
        var bytes = 0;
        foreach (var item in items)
        {
            var size = SizeOf(item);
            if (chunk.Count == MostItems || (chunk.Count > 0 && bytes + size > MostBytes - Envelope))
            {
                yield return new MessagesReceived { Items = chunk };
                (chunk, bytes) = ([], 0);
            }
            chunk.Add(item);
            bytes += size;
        }
        if (chunk.Count > 0)
            yield return new MessagesReceived { Items = chunk };
    }

    // Bytes travel as base64.
    private static int SizeOf(ReceivedMessage item) =>
        Envelope + ((item.Content?.Ciphertext.Length ?? 0) * 4 / 3) + (item.Media.Count * 256) + (item.TraceParent?.Length ?? 0);
}
