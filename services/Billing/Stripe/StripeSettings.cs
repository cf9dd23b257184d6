namespace WpAsis.Billing.Stripe;

/// <summary>Where Stripe is, who we are there, and how long a call may take.</summary>
/// <param name="Url">Stripe's address without a path.</param>
/// <param name="ApiKey">The account's secret key.</param>
/// <param name="Timeout">Longest call.</param>
/// <param name="Console">Where people come back to.</param>
internal sealed record StripeSettings(Uri Url, string ApiKey, TimeSpan Timeout, Uri Console)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>True with a key of a live account: its events say so too.</summary>
    public bool IsLive => ApiKey.Contains("_live_", StringComparison.Ordinal);

    /// <summary>Reads <c>Stripe:Url</c>, <c>Stripe:ApiKey</c>, <c>Stripe:Timeout</c> and <c>PublicUrls:Console</c>.</summary>
    /// <exception cref="InvalidOperationException">One is missing, or Stripe's address is not https.</exception>
    public static StripeSettings Read(IConfiguration configuration)
    {
        var url = Address(configuration, "Stripe:Url");
        if (url.Scheme != Uri.UriSchemeHttps)
            throw new InvalidOperationException("Stripe:Url must be https.");
        var key = configuration["Stripe:ApiKey"];
        if (string.IsNullOrWhiteSpace(key))
            throw new InvalidOperationException("Stripe:ApiKey is missing: set Stripe__ApiKey.");
        return new(url, key, configuration.GetValue("Stripe:Timeout", DefaultTimeout), Address(configuration, "PublicUrls:Console"));
    }

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => $"Stripe at {Url.Host}";

    private static Uri Address(IConfiguration configuration, string name) =>
        Uri.TryCreate(configuration[name], UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"{name} is missing: set {name.Replace(":", "__", StringComparison.Ordinal)}.");
}
