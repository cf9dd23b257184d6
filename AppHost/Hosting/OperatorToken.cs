using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace WpAsis.AppHost.Hosting;

/// <summary>
/// Signs a command's request: asks identity for a token of audience <c>operators</c>, anew for each command, since it lives ten minutes.
/// </summary>
internal sealed class OperatorToken(EndpointReference identity, ParameterResource secret)
{
    /// <summary>Puts the token on the request.</summary>
    public async Task SignAsync(HttpCommandRequestContext context)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", ProcessEnvironment<object>.OperatorClient),
            new("client_secret", await secret.GetValueAsync(context.CancellationToken)),
            new("scope", "operators"),
        ]);
        var issuer = new Uri(new Uri(identity.Url), "/connect/token");
        using var response = await context.HttpClient.PostAsync(issuer, form, context.CancellationToken);
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<TokenResponse>(context.CancellationToken);
        context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token!.AccessToken);
    }

    private sealed record TokenResponse([property: JsonPropertyName("access_token")] string AccessToken);
}
