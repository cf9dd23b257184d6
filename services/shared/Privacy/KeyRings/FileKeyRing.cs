using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace WpAsis.Privacy.KeyRings;

/// <summary>
/// One service's secrets outside its database: key-encryption keys, peppers, client secrets. A folder of files that only
/// the service's own user can read; who has a dump of the database and not this folder has noise.
/// </summary>
public sealed class FileKeyRing
{
    private const string KekPrefix = "kek-";

    // Another replica may have made a newer epoch; a key sealed under the older one in that time is re-wrapped like any other.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, byte[]> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, KeyEncryptionKey> keks = new();
    private readonly KeyFolder folder;
    private readonly TimeProvider clock;
    private (KeyEncryptionKey Kek, DateTimeOffset SeenAt)? current;
    private readonly Lock gate = new();

    /// <summary>Opens the ring, making its folder (0700) where there is none.</summary>
    /// <param name="folder">Its own folder; no other service may be able to read it.</param>
    /// <param name="clock">The clock.</param>
    public FileKeyRing(string folder, TimeProvider clock)
    {
        this.folder = new KeyFolder(folder);
        this.clock = clock;
    }

    /// <summary>A random secret of that name and length: the same for ever and in every process, made by whoever asks first.</summary>
    /// <param name="name">Lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="bytes">Its length.</param>
    public byte[] GetOrCreate(string name, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 16);
        if (!secrets.TryGetValue(name, out var secret))
        {
            RequireName(name);
            secret = secrets.GetOrAdd(name, ReadOrMake(name, bytes));
        }
        if (secret.Length != bytes)
            throw new CryptographicException($"The key file '{name}' has another length than asked for.");
        return (byte[])secret.Clone();
    }

    /// <summary>The newest key-encryption key; the first one is made here.</summary>
    public KeyEncryptionKey CurrentKek()
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (current is { } seen && now - seen.SeenAt < LookAgain && now >= seen.SeenAt)
                return seen.Kek;
            var newest = NewestEpoch();
            if (newest == 0)
            {
                newest = 1;
                _ = ReadOrMake(KekName(newest), KeyEncryptionKey.KeyBytes);
            }
            var kek = Kek(newest);
            current = (kek, now);
            return kek;
        }
    }

    /// <summary>The key-encryption key of an epoch. One that is missing is an error: it is never made anew.</summary>
    public KeyEncryptionKey Kek(int epoch)
    {
        if (keks.TryGetValue(epoch, out var kek))
            return kek;
        var key =
            folder.Read(KekName(epoch))
            ?? throw new CryptographicException($"The key-encryption key of epoch {epoch} is not in this ring.");
        return keks.GetOrAdd(epoch, new KeyEncryptionKey(epoch, key));
    }

    private byte[] ReadOrMake(string name, int bytes)
    {
        if (folder.Read(name) is { } there)
            return there;
        _ = folder.TryCreate(name, RandomNumberGenerator.GetBytes(bytes));
        // Whoever lost the race takes the winner's.
        return folder.Read(name) ?? throw new IOException($"The key file '{name}' disappeared while it was made.");
    }

    private int NewestEpoch()
    {
        var newest = 0;
        foreach (var name in folder.Names())
        {
            if (
                name.StartsWith(KekPrefix, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(KekPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            )
                newest = Math.Max(newest, epoch);
        }
        return newest;
    }

    private static string KekName(int epoch) => KekPrefix + epoch.ToString(CultureInfo.InvariantCulture);

    private static void RequireName(string name)
    {
        var valid = name.Length is > 0 and <= 100 && name[0] != '.' && !name.StartsWith(KekPrefix, StringComparison.Ordinal);
        foreach (var letter in name)
            valid &= char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.';
        if (!valid)
            throw new ArgumentException("Not a name of a secret.", nameof(name));
    }
}
