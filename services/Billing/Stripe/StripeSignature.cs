using Stripe;

namespace WpAsis.Billing.Stripe;

/// <summary>Whether Stripe signed a body. Two secrets are good while one is replaced.</summary>
internal sealed class StripeSignature
{
    private const int Most = 2;
    private const long ToleranceSeconds = 300;
    private readonly string[] _secrets;

    private StripeSignature(string[] secrets) => _secrets = secrets;

    /// <summary>Reads <c>Stripe:WebhookSecrets</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none: anybody could say that anybody has paid.</exception>
    public static StripeSignature Read(IConfiguration configuration)
    {
        var secrets = configuration
            .GetSection("Stripe:WebhookSecrets")
            .GetChildren()
            .Select(child => child.Value)
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .ToArray();
        if (secrets.Length is 0 or > Most)
            throw new InvalidOperationException($"Stripe:WebhookSecrets holds {secrets.Length}: one is needed, two while it changes.");
        return new(secrets!);
    }

    /// <summary>True when one of the secrets signed these bytes at most five minutes from now.</summary>
    public bool Signs(string body, string? header, DateTimeOffset now)
    {
        // Without a header the library does not refuse but fail.
        if (string.IsNullOrEmpty(header))
            return false;
        var signs = false;
        foreach (var secret in _secrets)
            signs |= IsOf(secret, body, header, now);
        return signs;
    }

    private static bool IsOf(string secret, string body, string header, DateTimeOffset now)
    {
        try
        {
            EventUtility.ValidateSignature(body, header, secret, ToleranceSeconds, now.ToUnixTimeSeconds());
            return true;
        }
#pragma warning disable CA1031 // Whatever a stranger's header does to the parser: it is not signed.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
