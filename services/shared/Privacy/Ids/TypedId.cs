using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WpAsis.Privacy.Ids;

/// <summary>An id that says what it names: <c>tnt_…</c> on the wire, a uuid in PostgreSQL.</summary>
/// <typeparam name="TSelf">The id itself.</typeparam>
public interface ITypedId<TSelf> : IParsable<TSelf>
    where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>Prefix on the wire, with its underscore.</summary>
    static abstract string Prefix { get; }

    /// <summary>The bare uuid, as it stands in a column.</summary>
    Guid Value { get; }

    /// <summary>Wraps a uuid that came from a column.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>The one place where ids are made, written and read.</summary>
public static class TypedId
{
    /// <summary>A new time-ordered id (version-7 UUID at the clock's time).</summary>
    public static TId New<TId>(TimeProvider clock)
        where TId : struct, ITypedId<TId> => TId.From(NewGuid(clock));

    /// <summary>A version-7 UUID for rows that have no typed id (outbox rows, partitions' keys).</summary>
#pragma warning disable RS0030 // The one place: everything else takes its ids from here.
    public static Guid NewGuid(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>When a time-ordered id was made, to the millisecond.</summary>
    public static DateTimeOffset MadeAt<TId>(TId id)
        where TId : struct, ITypedId<TId> =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(id.Value.ToByteArray(bigEndian: true)) >>> 16);

    /// <summary>A purely random UUID, for ids that must not tell when they were made.</summary>
    public static Guid RandomGuid() => Guid.NewGuid();
#pragma warning restore RS0030

    /// <summary>An id derived from others by SHA-256 (version-8 UUID): the same parts give the same id after any crash.</summary>
    public static TId Derive<TId>(string purpose, params ReadOnlySpan<Guid> parts)
        where TId : struct, ITypedId<TId> => TId.From(DeriveGuid(purpose, parts));

    /// <summary>The bare form of <see cref="Derive{TId}"/>.</summary>
    public static Guid DeriveGuid(string purpose, params ReadOnlySpan<Guid> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(purpose));
        foreach (var part in parts)
            hash.AppendData(part.ToByteArray(bigEndian: true));
        var bytes = hash.GetHashAndReset().AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    internal static string Format<TId>(TId id)
        where TId : struct, ITypedId<TId> => string.Concat(TId.Prefix, id.Value.ToString("N"));

    internal static TId Parse<TId>(string text)
        where TId : struct, ITypedId<TId> =>
        TryParse<TId>(text, out var id) ? id : throw new FormatException($"Expected an id that starts with {TId.Prefix}.");

    internal static bool TryParse<TId>([NotNullWhen(true)] string? text, out TId id)
        where TId : struct, ITypedId<TId>
    {
        id = default;
        if (text is null || !text.StartsWith(TId.Prefix, StringComparison.Ordinal))
            return false;
        if (!Guid.TryParseExact(text.AsSpan(TId.Prefix.Length), "N", out var value))
            return false;
        id = TId.From(value);
        return true;
    }
}

/// <summary>Writes a typed id as its prefixed text and refuses any other.</summary>
public sealed class TypedIdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, ITypedId<TId>
{
    /// <inheritdoc />
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TypedId.TryParse<TId>(reader.GetString(), out var id)
            ? id
            : throw new JsonException($"Expected an id that starts with {TId.Prefix}.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(TypedId.Format(value));
}

/// <summary>Stores a typed id as a uuid.</summary>
public sealed class TypedIdColumn<TId> : ValueConverter<TId, Guid>
    where TId : struct, ITypedId<TId>
{
    /// <summary>Used by EF's model configuration.</summary>
    public TypedIdColumn()
        : base(id => id.Value, value => FromColumn(value)) { }

    private static TId FromColumn(Guid value) => TId.From(value);
}
