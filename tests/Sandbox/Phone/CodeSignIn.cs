using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Phone;

/// <summary>
/// Signs a person in as a browser would: the OAuth code flow with PKCE through identity's own pages, for a public client.
/// Each run has its own cookies.
/// </summary>
/// <param name="identity">Base address of the identity service.</param>
/// <param name="clientId">A public client that identity knows.</param>
/// <param name="redirect">Its redirect address. Nobody needs to listen there: the code is read from the redirect itself.</param>
/// <param name="scope">Scopes, separated by spaces.</param>
/// <param name="clock">The clock that the token's life is counted by.</param>
/// <param name="connect">A connection of the caller's own, where the system does not trust identity's certificate.</param>
internal sealed class CodeSignIn(
    Uri identity,
    string clientId,
    Uri redirect,
    string scope,
    TimeProvider clock,
    Func<SocketsHttpHandler>? connect = null
)
{
    private const int MostSteps = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Walks from the authorization endpoint through the sign-in form to the token.</summary>
    /// <exception cref="SignInException">Identity is away, refused, or asked for something that is neither e-mail nor password.</exception>
    public async Task<AccessToken> RunAsync(string email, string password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var handler = connect?.Invoke() ?? StrongTls.Handler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = true;
        handler.CookieContainer = new CookieContainer();
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/json;q=0.9");
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
        var state = RandomIds.Alphanumeric(24);
        try
        {
            var code = await AuthorizeAsync(http, verifier, state, email, password, limit.Token);
            return await RedeemAsync(http, code, verifier, limit.Token);
        }
        catch (HttpRequestException problem)
        {
            throw new SignInException("stored.no-identity", problem.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignInException("stored.no-identity", "time-out");
        }
    }

    private async Task<string> AuthorizeAsync(
        HttpClient http,
        string verifier,
        string state,
        string email,
        string password,
        CancellationToken cancellationToken
    )
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var query =
            $"client_id={Uri.EscapeDataString(clientId)}&response_type=code&redirect_uri={Uri.EscapeDataString(redirect.ToString())}"
            + $"&scope={Uri.EscapeDataString(scope)}&state={state}&code_challenge={challenge}&code_challenge_method=S256";
        var at = new Uri(identity, "/connect/authorize?" + query);
        var response = await http.GetAsync(at, cancellationToken);
        var posted = false;
        for (var step = 0; step < MostSteps; step++)
        {
            using var current = response;
            if (current.Headers.Location is { } location && (int)current.StatusCode is >= 300 and < 400)
            {
                at = new Uri(at, location);
                if (at.GetLeftPart(UriPartial.Path) == redirect.GetLeftPart(UriPartial.Path))
                    return ReadCode(at, state);
                // A form that leads elsewhere would be given the password's cookies.
                if (at.Authority != identity.Authority)
                    throw new SignInException("stored.sign-in-failed", "Identity led to another host.");
                response = await http.GetAsync(at, cancellationToken);
                continue;
            }
            if (!current.IsSuccessStatusCode)
                throw new SignInException("stored.sign-in-failed", $"Identity answered {(int)current.StatusCode} at {at.AbsolutePath}.");
            var form = HtmlForm.WithPassword(await current.Content.ReadAsStringAsync(cancellationToken));
            if (form is null || posted)
                throw new SignInException("stored.sign-in-failed", $"Identity stopped at {at.AbsolutePath}.");
            posted = true;
            at = form.Action is { Length: > 0 } action ? new Uri(at, action) : at;
            using var content = new FormUrlEncodedContent(form.Fill(email, password));
            response = await http.PostAsync(at, content, cancellationToken);
        }
        throw new SignInException("stored.sign-in-failed", "Identity never came to an end.");
    }

    private async Task<AccessToken> RedeemAsync(HttpClient http, string code, string verifier, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = clientId,
                ["code"] = code,
                ["redirect_uri"] = redirect.ToString(),
                ["code_verifier"] = verifier,
            }
        );
        using var response = await http.PostAsync(new Uri(identity, "/connect/token"), content, cancellationToken);
        var answer = JsonReading.TryParse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) ?? default(JsonElement);
        if (!response.IsSuccessStatusCode || answer.Text("access_token") is not { } token)
            throw new SignInException("stored.sign-in-failed", $"The token endpoint answered {(int)response.StatusCode}.");
        var life = TimeSpan.FromSeconds((answer.Number("expires_in") ?? 60) - 30);
        return new AccessToken(token, clock.GetUtcNow() + life);
    }

    private static string ReadCode(Uri at, string state)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(at.Query);
        if (query.TryGetValue("error", out var error))
            throw new SignInException("stored.sign-in-failed", $"Identity refused: {error}.");
        if (query["state"] != state || query["code"].ToString() is not { Length: > 0 } code)
            throw new SignInException("stored.sign-in-failed", "Identity's answer does not belong to this sign-in.");
        return code;
    }
}

/// <summary>A bearer token and when to stop using it.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset ExpiresAt)
{
    /// <summary>Never shows the token.</summary>
    public override string ToString() => "AccessToken";
}

/// <summary>Why nothing can be shown; <see cref="TextKey"/> names a sentence of the page's texts.</summary>
internal sealed class SignInException(string textKey, string message) : Exception(message)
{
    public string TextKey { get; } = textKey;
}
