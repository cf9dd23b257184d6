namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>Where the Graph API is and how long a call may take.</summary>
/// <param name="Url">Base address with its version, for example <c>https://graph.facebook.com/v26.0</c>.</param>
/// <param name="Timeout">Longest call; take-over waits this long for a send that is under way.</param>
internal sealed record GraphSettings(Uri Url, TimeSpan Timeout)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>WhatsApp:GraphUrl</c> and <c>WhatsApp:GraphTimeout</c>.</summary>
    /// <exception cref="InvalidOperationException">The address is missing, or not https outside Development.</exception>
    public static GraphSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var url = configuration["WhatsApp:GraphUrl"];
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw new InvalidOperationException("WhatsApp:GraphUrl is missing: set WhatsApp__GraphUrl.");
        if (address.Scheme != Uri.UriSchemeHttps && !environment.IsDevelopment())
            throw new InvalidOperationException("WhatsApp:GraphUrl must be https.");
        return new(address, configuration.GetValue("WhatsApp:GraphTimeout", DefaultTimeout));
    }

    /// <summary>The address of an object: <c>{base}/{path}</c>.</summary>
    public Uri At(string path) => new($"{Url.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>
    /// Whether a media address may be asked, and may see the token: Graph's own host or one of Meta's, over https, on the usual port.
    /// </summary>
    public bool MayDownloadFrom(Uri address) =>
        address is { IsAbsoluteUri: true, UserInfo: "" }
        && (
            (address.Scheme == Url.Scheme && address.Authority == Url.Authority)
            || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && IsMetas(address.IdnHost))
        );

    private static bool IsMetas(string host)
    {
        ReadOnlySpan<string> domains = ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"];
        foreach (var domain in domains)
        {
            if (host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
