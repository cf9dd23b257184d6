using WpAsis.Privacy.Classification;

namespace WpAsis.Privacy.Sealing;

/// <summary>
/// What was said, sealed under an hourly epoch key (AES-256-GCM). It may stand in a queue or a row:
/// when its epoch is destroyed it is noise, wherever a copy remains (policy P1.4).
/// </summary>
[NotPersonal("ciphertext under an epoch key that dies with its window")]
public sealed record SealedContent
{
    /// <summary>Largest plaintext that is sealed into one value; larger things are media.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The epoch whose key seals it, for example <c>24-2026112409</c>.</summary>
    [NotPersonal("names an hour and a window class")]
    public required string Epoch { get; init; }

    /// <summary>12 random bytes.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>The sealed bytes.</summary>
    public required byte[] Ciphertext { get; init; }

    /// <summary>16 bytes that prove nothing was changed and nothing was moved.</summary>
    public required byte[] Tag { get; init; }

    /// <summary>Names the epoch only.</summary>
    public override string ToString() => $"sealed({Epoch})";
}
