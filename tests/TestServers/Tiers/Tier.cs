namespace WpAsis.TestServers.Tiers;

/// <summary>
/// Which tests run. No tier: always. <c>tier=long</c>: when CI_FULL is 1 or names the test's part. <c>tier=live</c>: when WPASIS_LIVE is 1
/// and the key it needs is set. The attribute decides, so that a plain <c>dotnet test</c> needs no filter.
/// </summary>
internal static class Tier
{
    public const string FullVariable = "CI_FULL";
    public const string LiveVariable = "WPASIS_LIVE";

    public static string? WhyNotLong(string part)
    {
        var full = Environment.GetEnvironmentVariable(FullVariable);
        return full == "1" || full == part ? null : $"tier=long: runs with {FullVariable}=1 or {FullVariable}={part}.";
    }

    public static string? WhyNotLive(string key)
    {
        if (Environment.GetEnvironmentVariable(LiveVariable) != "1")
            return $"tier=live: runs with {LiveVariable}=1 and {key}.";
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable(key)) ? $"tier=live: {key} is not set." : null;
    }

    public static IReadOnlyCollection<KeyValuePair<string, string>> Traits(string tier, string part) =>
        [new("tier", tier), new("part", part)];
}
