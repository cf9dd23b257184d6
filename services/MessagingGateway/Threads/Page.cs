using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">Asks for what follows; absent on the last page.</param>
internal sealed record Page<TItem>(IReadOnlyList<TItem> Items, string? Next);

/// <summary>The place after which a page begins: a time and an id. What arrives meanwhile shifts nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageCursor(DateTimeOffset At, Guid Id) : IParsable<PageCursor>
{
    /// <summary>Longest page.</summary>
    public const int MaxLimit = 100;

    /// <summary>Page where nothing is asked.</summary>
    public const int DefaultLimit = 50;

    private const int Length = sizeof(long) + 16;

    /// <summary>The start of every list.</summary>
    public static PageCursor Start { get; } = new(DateTimeOffset.MaxValue, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"));

    /// <inheritdoc />
    public static PageCursor Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var cursor) ? cursor : throw new FormatException("Not a cursor.");

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PageCursor result)
    {
        result = default;
        Span<byte> bytes = stackalloc byte[Length + 3];
        if (s is not { Length: > 0 and <= 48 } || !Base64Url.TryDecodeFromChars(s, bytes, out var written) || written != Length)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        result = new(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.Slice(sizeof(long), 16), bigEndian: true));
        return true;
    }

    /// <summary>An opaque text for the next request.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.UtcTicks);
        _ = Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>A page out of one row more than it holds.</summary>
    public static Page<TItem> PageOf<TItem>(List<TItem> rows, int limit, Func<TItem, PageCursor> place) =>
        rows.Count <= limit ? new(rows, null) : new(rows[..limit], place(rows[limit - 1]).ToString());
}
