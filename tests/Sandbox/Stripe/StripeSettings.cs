namespace WpAsis.Sandbox.Stripe;

/// <summary>What the environment says (<c>Sandbox__Stripe__…</c>).</summary>
internal sealed class StripeSettings
{
    /// <summary>A port of its own, because Stripe's clients take a host and no path. Zero: Stripe is not played.</summary>
    public int Port { get; set; }

    /// <summary>Where hosted pages live.</summary>
    public Uri Host => new($"https://localhost:{Port}");

    /// <summary>The secret key that callers must show.</summary>
    public string Key { get; set; } = "";

    public string WebhookSecret { get; set; } = "";

    /// <summary>One per replica of billing; webhooks go to them in turn.</summary>
    public List<Uri> WebhookUrls { get; set; } = [];
}
