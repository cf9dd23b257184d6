using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace WpAsis.TestServers.Tiers;

/// <summary>A fact that takes minutes. It belongs to a part of the long run (<c>CI_FULL=gateway</c>).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute, ITraitAttribute
{
    /// <param name="part">Part of the long run: <c>gateway</c>, <c>billing</c>, ….</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public LongFactAttribute(string part, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Part = part;
        Skip = Tier.WhyNotLong(part);
    }

    /// <summary>Part of the long run.</summary>
    public string Part { get; }

    /// <inheritdoc />
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Tier.Traits("long", Part);
}

/// <summary>A theory that takes minutes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    /// <param name="part">Part of the long run: <c>gateway</c>, <c>billing</c>, ….</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public LongTheoryAttribute(string part, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Part = part;
        Skip = Tier.WhyNotLong(part);
    }

    /// <summary>Part of the long run.</summary>
    public string Part { get; }

    /// <inheritdoc />
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Tier.Traits("long", Part);
}

/// <summary>A fact against a real provider; it needs a key and costs money.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveFactAttribute : FactAttribute, ITraitAttribute
{
    /// <param name="key">Environment variable that holds the key.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public LiveFactAttribute(string key, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Key = key;
        Skip = Tier.WhyNotLive(key);
    }

    /// <summary>Environment variable that holds the key.</summary>
    public string Key { get; }

    /// <inheritdoc />
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Tier.Traits("live", "live");
}
