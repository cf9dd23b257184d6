using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Posts one event with a signature, good or bad, and says what was answered (0: nobody answered).</summary>
internal sealed class PostEvent(StripeSettings settings, IHttpClientFactory clients, StripeTime clock)
{
    /// <summary>Name of the client; tests put a handler of their own below it.</summary>
    public const string ClientName = "stripe-webhook";

    // Five minutes are allowed; the rest is for two clocks that are a second apart.
    private static readonly TimeSpan TooOld = TimeSpan.FromSeconds(310);
    private int _turn;

    public static IHttpClientBuilder AddClient(IServiceCollection services) =>
        services
            .AddHttpClient(ClientName, client => client.Timeout = TimeSpan.FromSeconds(20))
            .ConfigurePrimaryHttpMessageHandler(() => StrongTls.Handler())
            .RemoveAllLoggers();

    /// <param name="body">The event.</param>
    /// <param name="signature">valid, old, future, forged, v0 or none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> RunAsync(string body, string signature, CancellationToken cancellationToken)
    {
        if (settings.WebhookUrls.Count == 0)
            return 0;
        var url = settings.WebhookUrls[(int)((uint)Interlocked.Increment(ref _turn) % (uint)settings.WebhookUrls.Count)];
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("Stripe/1.0");
        if (Header(body, signature) is { } header)
            request.Headers.TryAddWithoutValidation("Stripe-Signature", header);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (Exception problem)
            when (problem is HttpRequestException || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return 0;
        }
    }

    private string? Header(string body, string signature)
    {
        var now = clock.GetUtcNow();
        return signature switch
        {
            "none" => null,
            "old" => Sign(body, now - TooOld, settings.WebhookSecret, "v1"),
            "future" => Sign(body, now + TooOld, settings.WebhookSecret, "v1"),
            "forged" => Sign(body, now, "whsec_" + RandomIds.Alphanumeric(32), "v1"),
            "v0" => Sign(body, now, settings.WebhookSecret, "v0"),
            _ => Sign(body, now, settings.WebhookSecret, "v1"),
        };
    }

    private static string Sign(string body, DateTimeOffset at, string secret, string scheme)
    {
        var signed = Encoding.UTF8.GetBytes($"{at.ToUnixTimeSeconds()}.{body}");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        return $"t={at.ToUnixTimeSeconds()},{scheme}={signature}";
    }
}
