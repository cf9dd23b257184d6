using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WpAsis.Privacy.KeyRings;

/// <summary>
/// The keys under which what was said is sealed: one per clock hour and window class, destroyed at the start of their hour
/// plus the window. After that every copy of the content, wherever it lies, is noise (policy P1.4).
/// Nothing but the gateway and the responder is told where this ring lies.
/// </summary>
public sealed class ContentKeyRing
{
    /// <summary>Length of a content key.</summary>
    public const int KeyBytes = 32;

    private const string Mark = ".destroyed";

    // A key is made only in its own hour, give or take clocks that differ. Marks therefore guard only against a maker that
    // fell asleep between its look at the clock and its work; eight days are ample, and then they may go.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MarksKept = TimeSpan.FromDays(8);

    private readonly ConcurrentDictionary<string, EpochKey> keys = new(StringComparer.Ordinal);
    private readonly KeyFolder folder;
    private readonly TimeProvider clock;
    private readonly Lock making = new();
    private readonly EpochKey?[] newest = new EpochKey?[(int)WindowClass.Hours72 + 1];

    /// <summary>Opens the ring, making its folder (0700) where there is none.</summary>
    public ContentKeyRing(string folder, TimeProvider clock)
    {
        this.folder = new KeyFolder(folder);
        this.clock = clock;
    }

    /// <summary>The epoch of a window class that holds a moment.</summary>
    public static ContentEpoch EpochFor(WindowClass window, DateTimeOffset moment) => new(window, moment);

    /// <summary>Copies the key of an epoch; false when it is destroyed, past its end, or was never made.</summary>
    public bool TryGetKey(string epoch, Span<byte> key) => TryFind(epoch, out var found) && found.TryCopy(key);

    /// <summary>
    /// Destroys every key whose end has come: a mark first, then the key is overwritten and unlinked. Safe to call at any time
    /// and by several processes at once; what a crash interrupted the next call finishes. Returns the names of the epochs whose
    /// key this call destroyed (two callers that race may both name one).
    /// </summary>
    public IReadOnlyList<string> DestroyExpired()
    {
        var now = clock.GetUtcNow();
        ForgetExpired(now);
        var destroyed = new List<string>();
        foreach (var name in folder.Names().ToList())
        {
            if (ContentEpoch.TryParse(name, out var epoch))
            {
                if (epoch.EndsAt <= now && Destroy(name))
                    destroyed.Add(name);
            }
            else if (name.StartsWith(KeyFolder.Making, StringComparison.Ordinal))
                DestroyRemains(name, now);
            else if (name.EndsWith(Mark, StringComparison.Ordinal) && ContentEpoch.TryParse(name[..^Mark.Length], out var marked))
            {
                if (marked.EndsAt + MarksKept <= now)
                    File.Delete(folder.PathOf(name));
            }
        }
        return destroyed;
    }

    internal TimeProvider Clock => clock;

    /// <summary>The key to seal with now; made where this hour has none yet.</summary>
    internal EpochKey Current(WindowClass window)
    {
        var now = clock.GetUtcNow();
        if (newest[(int)window] is { } held && held.Epoch.Hour <= now && now - held.Epoch.Hour < TimeSpan.FromHours(1))
            return held;
        var key = GetOrMake(new ContentEpoch(window, now));
        newest[(int)window] = key;
        return key;
    }

    /// <summary>The key of an epoch that may still be opened.</summary>
    internal bool TryFind(string name, [NotNullWhen(true)] out EpochKey? key)
    {
        key = null;
        var held = keys.TryGetValue(name, out var found);
        ContentEpoch epoch;
        if (held)
            epoch = found!.Epoch;
        else if (!ContentEpoch.TryParse(name, out epoch))
            return false;
        if (epoch.EndsAt <= clock.GetUtcNow())
        {
            Forget(name);
            return false;
        }
        key = held ? found : Load(epoch);
        return key is not null;
    }

    internal EpochKey GetOrMake(ContentEpoch epoch)
    {
        if (TryFind(epoch.Name, out var key))
            return key;
        lock (making)
        {
            if (TryFind(epoch.Name, out key))
                return key;
            ForgetExpired(clock.GetUtcNow());
            Make(epoch);
            return Load(epoch) ?? throw new CryptographicException($"The content key {epoch} was destroyed while it was made.");
        }
    }

    private void Make(ContentEpoch epoch)
    {
        RequireItsHour(epoch);
        _ = folder.TryCreate(epoch.Name, RandomNumberGenerator.GetBytes(KeyBytes));
        // Between the look at the clock and the link this process may have slept for days.
        if (!folder.Has(epoch.Name + Mark) && clock.GetUtcNow() < epoch.EndsAt)
            return;
        folder.Destroy(epoch.Name);
        throw new CryptographicException($"The content key {epoch} is destroyed and is not made again.");
    }

    private void RequireItsHour(ContentEpoch epoch)
    {
        var now = clock.GetUtcNow();
        var inItsHour = now >= epoch.Hour - ClockDifference && now < epoch.Hour.AddHours(1) + ClockDifference;
        if (!inItsHour || folder.Has(epoch.Name + Mark))
            throw new CryptographicException($"The content key {epoch} is not made outside its hour, nor made again.");
    }

    private EpochKey? Load(ContentEpoch epoch)
    {
        var name = epoch.Name;
        if (folder.Has(name + Mark) || folder.Read(name) is not { } bytes)
            return null;
        if (bytes.Length != KeyBytes)
            throw new CryptographicException($"The content key {name} has the wrong length.");
        // The destroyer marks before it overwrites: without a mark after the read, what was read is the key.
        return folder.Has(name + Mark) ? null : keys.GetOrAdd(name, new EpochKey(epoch, bytes));
    }

    private bool Destroy(string name)
    {
        _ = folder.TryCreate(name + Mark, []);
        Forget(name);
        return folder.Destroy(name);
    }

    // Left by a crash between making and linking. It may be a second name of a key that is in use, so it dies with its epoch.
    // A mark in the making holds no key, and another process may be about to link it: it goes when marks go.
    private void DestroyRemains(string name, DateTimeOffset now)
    {
        var end = name.LastIndexOf('-');
        var target = end > KeyFolder.Making.Length ? name[KeyFolder.Making.Length..end] : "";
        var isMark = target.EndsWith(Mark, StringComparison.Ordinal);
        if (!ContentEpoch.TryParse(isMark ? target[..^Mark.Length] : target, out var epoch))
            return;
        if (epoch.EndsAt + (isMark ? MarksKept : TimeSpan.Zero) <= now)
            folder.Destroy(name);
    }

    private void ForgetExpired(DateTimeOffset now)
    {
        foreach (var (name, key) in keys)
        {
            if (key.Epoch.EndsAt <= now)
                Forget(name);
        }
    }

    private void Forget(string name)
    {
        if (!keys.TryRemove(name, out var key))
            return;
        var held = newest[(int)key.Epoch.Window];
        if (ReferenceEquals(held, key))
            newest[(int)key.Epoch.Window] = null;
        key.Forget();
    }
}
