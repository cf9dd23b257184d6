namespace WpAsis.Billing.Stripe;

/// <summary>Where Stripe is, who we are there, and how long a call may take.</summary>
/// <param name="Url">Stripe's address without a path.</param>
/// <param name="ApiKey">The account's secret key.</param>
/// <param name="Timeout">Longest call.</param>
/// <param name="ConsoleUrl">Where people come back to.</param>
internal sealed record StripeSettings(Uri Url, string ApiKey, TimeSpan Timeout, string? ConsoleUrl)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>True with a key of a live account: its events say so too.</summary>
    public bool IsLive => ApiKey.Contains("_live_", StringComparison.Ordinal);

    /// <summary>Where people come back to.</summary>
    /// <exception cref="InvalidOperationException">Nobody said where the console is.</exception>
    public Uri Console => Address(ConsoleUrl, "PublicUrls:Console");

    /// <summary>Reads <c>Stripe:Url</c>, <c>Stripe:ApiKey</c>, <c>Stripe:Timeout</c> and <c>PublicUrls:Console</c>.</summary>
    /// <exception cref="InvalidOperationException">One is missing, or Stripe's address is not https.</exception>
    public static StripeSettings Read(IConfiguration configuration)
    {
        var url = Address(configuration["Stripe:Url"], "Stripe:Url");
        if (url.Scheme != Uri.UriSchemeHttps)
            throw new InvalidOperationException("Stripe:Url must be https.");
        var key = configuration["Stripe:ApiKey"];
        if (string.IsNullOrWhiteSpace(key))
            throw new InvalidOperationException("Stripe:ApiKey is missing: set Stripe__ApiKey.");
        return new(url, key, configuration.GetValue("Stripe:Timeout", DefaultTimeout), configuration["PublicUrls:Console"]);
    }

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => $"Stripe at {Url.Host}";

    private static Uri Address(string? value, string name) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"{name} is missing: set {name.Replace(":", "__", StringComparison.Ordinal)}.");
}
