using System.Buffers;
using System.Text.Json;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// A webhook's body that holds one change, or one thing of it, word for word: what an operator replays goes the way that it came.
/// </summary>
internal static class ReplayableBody
{
    // What a change says about all that is in it.
    private static readonly string[] Common = ["messaging_product", "metadata", "contacts"];

    public static byte[] Of(IncomingValue value) => Wrap(value.Field, writer => writer.WriteRawValue(value.Raw.Utf8Bytes(), true));

    public static byte[] Of(IncomingValue value, string member, JsonElement item) =>
        Wrap(
            value.Field,
            writer =>
            {
                writer.WriteStartObject();
                foreach (var name in Common)
                {
                    if (value.Raw.Member(name) is not { } shared)
                        continue;
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(shared.Utf8Bytes(), skipInputValidation: true);
                }
                writer.WriteStartArray(member);
                writer.WriteRawValue(item.Utf8Bytes(), skipInputValidation: true);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    private static byte[] Wrap(string field, Action<Utf8JsonWriter> writeValue)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entry");
            writer.WriteStartObject();
            writer.WriteStartArray("changes");
            writer.WriteStartObject();
            writer.WriteString("field", field);
            writer.WritePropertyName("value");
            writeValue(writer);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
