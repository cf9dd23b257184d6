using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace WpAsis.Privacy.KeyRings;

/// <summary>How long what was said may be opened; a customer chooses.</summary>
public enum WindowClass
{
    /// <summary>Raw bodies.</summary>
    Hours6 = 6,

    /// <summary>Half a day.</summary>
    Hours12 = 12,

    /// <summary>The default.</summary>
    Hours24 = 24,

    /// <summary>The longest, and quarantine.</summary>
    Hours72 = 72,
}

/// <summary>One clock hour (UTC) of one window class: all content sealed in it dies together.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ContentEpoch
{
    private const string HourFormat = "yyyyMMddHH";

    /// <summary>The epoch of a window class that holds a moment.</summary>
    public ContentEpoch(WindowClass window, DateTimeOffset moment)
    {
        if (!Enum.IsDefined(window))
            throw new ArgumentOutOfRangeException(nameof(window));
        Window = window;
        var utc = moment.UtcDateTime;
        Hour = new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Its window class.</summary>
    public WindowClass Window { get; }

    /// <summary>The start of its hour.</summary>
    public DateTimeOffset Hour { get; }

    /// <summary>From this moment on nobody can open what was sealed in it: receipts name it.</summary>
    public DateTimeOffset EndsAt => Hour.AddHours((int)Window);

    /// <summary>For example <c>24-2026112409</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(int)Window}-{Hour.UtcDateTime:yyyyMMddHH}");

    /// <summary>Reads a name; only the one way in which <see cref="Name"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out ContentEpoch epoch)
    {
        epoch = default;
        if (name is null)
            return false;
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (
            dash is not (1 or 2)
            || !int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !Enum.IsDefined((WindowClass)hours)
            || !DateTimeOffset.TryParseExact(
                name.AsSpan(dash + 1),
                HourFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var hour
            )
        )
            return false;
        epoch = new ContentEpoch((WindowClass)hours, hour);
        return string.Equals(epoch.Name, name, StringComparison.Ordinal);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
