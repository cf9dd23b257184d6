using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>A field of a protobuf message: a number, or bytes that may be a text or another message.</summary>
internal readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    /// <summary>The fields of a message, in their order.</summary>
    public static List<ProtoField> Of(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        var at = 0;
        while (at < message.Length)
        {
            var key = ReadNumber(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new(number, ReadNumber(message.Span, ref at), default));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)ReadNumber(message.Span, ref at);
                    fields.Add(new(number, 0, message.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException("This is no protobuf message.");
            }
        }
        return fields;
    }

    private static ulong ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return number;
        }
    }
}

/// <summary>Steps from a message into those below it.</summary>
internal static class ProtoFields
{
    public static IEnumerable<List<ProtoField>> Below(this IEnumerable<ProtoField> fields, int number) =>
        fields.Where(field => field.Number == number).Select(field => ProtoField.Of(field.Bytes));

    public static ProtoField At(this IEnumerable<ProtoField> fields, int number) => fields.LastOrDefault(field => field.Number == number);

    /// <summary>Attributes of a resource, a span or a data point.</summary>
    public static Dictionary<string, string> Attributes(this IEnumerable<ProtoField> fields, int number)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in fields.Below(number))
        {
            var value = ProtoField.Of(pair.At(2).Bytes).FirstOrDefault();
            attributes[pair.At(1).Text] = value.Number is 1 ? value.Text : value.Value.ToString(CultureInfo.InvariantCulture);
        }
        return attributes;
    }
}
