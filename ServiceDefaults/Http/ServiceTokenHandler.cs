using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace WpAsis.ServiceDefaults.Http;

/// <summary>What this process calls itself, for its client credentials.</summary>
/// <param name="Name">Resource name.</param>
public sealed record ServiceName(string Name);

/// <summary>Attaches a client-credentials token for one audience, kept until a minute before its end.</summary>
internal sealed class ServiceTokenHandler(
    string audience,
    ServiceName service,
    IConfiguration configuration,
    IHttpClientFactory clients,
    TimeProvider clock
) : DelegatingHandler
{
    /// <summary>Named client that reaches the issuer; it carries no token itself.</summary>
    public const string Issuer = "issuer";

    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private (string Value, DateTimeOffset Until)? _token;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _oneAtATime.Dispose();
        base.Dispose(disposing);
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (_token is { } kept && kept.Until > now)
                return kept.Value;

            using var client = clients.CreateClient(Issuer);
            using var form = new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", service.Name),
                new(
                    "client_secret",
                    configuration["Auth:ClientSecret"] ?? throw new InvalidOperationException("Auth:ClientSecret is missing.")
                ),
                new("scope", audience),
            ]);
            using var response = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), form, cancellationToken);
            response.EnsureSuccessStatusCode();
            var token = await response.Content.ReadFromJsonAsync<TokenResponse>(cancellationToken);
            _token = (token!.AccessToken, now + TimeSpan.FromSeconds(token.ExpiresIn) - Reserve);
            return token.AccessToken;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private sealed record TokenResponse(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn
    );
}
