using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>A message that its consumer gave up, without what is in it.</summary>
/// <param name="MessageId">Its id on the bus.</param>
/// <param name="Type"><c>Owner:Message</c>.</param>
/// <param name="FaultType">Type of the error, and of the one inside it; its sentence could quote a row.</param>
/// <param name="FailedAt">When it was given up, in real time.</param>
/// <param name="Attempts">Deliveries to the consumer before that.</param>
public sealed record FailedMessage(string? MessageId, string Type, string FaultType, DateTimeOffset? FailedAt, int Attempts)
{
    private const string Unknown = "unknown";
    private const string Urn = "urn:message:WpAsis.Contracts.";

    /// <summary>What MassTransit adds when it moves a message to an error queue.</summary>
    internal static bool IsFaultHeader(string name) => name.StartsWith("MT-Fault-", StringComparison.Ordinal) || name == "MT-Reason";

    internal static FailedMessage Read(BasicGetResult delivery)
    {
        var (id, type) = ReadEnvelope(delivery.Body.Span);
        var headers = delivery.BasicProperties.Headers;
        var failedAt = DateTimeOffset.TryParse(
            Text(headers, "MT-Fault-Timestamp"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : (DateTimeOffset?)null;
        _ = int.TryParse(Text(headers, "MT-Fault-RetryCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var retries);
        return new(
            delivery.BasicProperties.MessageId ?? id,
            type ?? Unknown,
            Text(headers, ForgetWords.FaultHeader) ?? Unknown,
            failedAt,
            retries + 1
        );
    }

    // Type and id stand in the envelope, beside the message and not in it.
    private static (string? Id, string? Type) ReadEnvelope(ReadOnlySpan<byte> body)
    {
        string? id = null,
            type = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return (null, null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("messageId"u8);
                var isType = reader.ValueTextEquals("messageType"u8);
                reader.Read();
                if (isId && reader.TokenType == JsonTokenType.String)
                    id = reader.GetString();
                else if (isType && reader.TokenType == JsonTokenType.StartArray)
                    type = ReadType(ref reader);
                else
                    reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not an envelope of ours: that is why it failed.
        }
        return (id, type);
    }

    private static string? ReadType(ref Utf8JsonReader reader)
    {
        string? first = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
            first ??= reader.GetString();
        // A name of somebody else's could hold anything.
        return first?.StartsWith(Urn, StringComparison.Ordinal) == true ? first[Urn.Length..] : null;
    }

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers?.TryGetValue(name, out var value) == true
            ? value switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                null => null,
                var other => Convert.ToString(other, CultureInfo.InvariantCulture),
            }
            : null;
}
