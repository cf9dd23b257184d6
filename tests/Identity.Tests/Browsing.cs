using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.IdentityModel.Tokens;

namespace WpAsis.Identity.Tests;

/// <summary>What a browser and a client do between them.</summary>
internal static partial class Browsing
{
    public const string Verifier = "a-verifier-that-is-at-least-forty-three-characters-long";
    public const string SandboxRedirect = "https://localhost:7120/callback";

    public static string Challenge { get; } = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Fills in and sends a form of ours.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(
        this HttpClient browser,
        string page,
        params (string Name, string Value)[] fields
    )
    {
        var html = await browser.GetStringAsync(page, TestContext.Current.CancellationToken);
        var sent = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        // The layout has a form of its own.
        var form = html[html.IndexOf($"action=\"{page.Split('?')[0]}\"", StringComparison.Ordinal)..];
        foreach (Match hidden in Hidden().Matches(form[..form.IndexOf("</form>", StringComparison.Ordinal)]))
            sent.TryAdd(hidden.Groups["name"].Value, WebUtility.HtmlDecode(hidden.Groups["value"].Value));
        using var content = new FormUrlEncodedContent(sent);
        return await browser.PostAsync(page.Split('?')[0], content, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> SignInAsync(
        this HttpClient browser,
        string email,
        string password = IdentityApplication.Password
    ) => browser.PostFormAsync("/sign-in", ("email", email), ("password", password));

    public static string AuthorizeUrl(string scope = "openid offline_access identity", string? extra = null, string? pkce = null) =>
        "/connect/authorize?response_type=code&client_id=sandbox&state=s&nonce=n&redirect_uri="
        + Uri.EscapeDataString(SandboxRedirect)
        + "&scope="
        + Uri.EscapeDataString(scope)
        + (pkce ?? $"&code_challenge={Challenge}&code_challenge_method=S256")
        + extra;

    /// <summary>The code that the issuer sends the browser back with.</summary>
    public static async Task<string> CodeAsync(this HttpClient browser, string scope = "openid offline_access identity")
    {
        var response = await browser.GetAsync(AuthorizeUrl(scope), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(
            HttpStatusCode.Redirect,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var query = HttpUtility.ParseQueryString(response.Headers.Location!.Query);
        return query["code"] ?? throw new InvalidOperationException("No code: " + response.Headers.Location);
    }

    public static Task<(HttpStatusCode Status, JsonElement Body)> RedeemAsync(
        this HttpClient client,
        string code,
        string verifier = Verifier
    ) =>
        client.TokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", "sandbox"),
            ("redirect_uri", SandboxRedirect),
            ("code", code),
            ("code_verifier", verifier)
        );

    public static Task<(HttpStatusCode Status, JsonElement Body)> RefreshAsync(
        this HttpClient client,
        string token,
        string? scope = null
    ) =>
        client.TokenAsync(
            scope is null
                ? [("grant_type", "refresh_token"), ("client_id", "sandbox"), ("refresh_token", token)]
                : [("grant_type", "refresh_token"), ("client_id", "sandbox"), ("refresh_token", token), ("scope", scope)]
        );

    public static Task<(HttpStatusCode Status, JsonElement Body)> ProgramTokenAsync(
        this HttpClient client,
        string id,
        string scope,
        string secret
    ) => client.TokenAsync(("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", scope));

    public static async Task<(HttpStatusCode Status, JsonElement Body)> TokenAsync(
        this HttpClient client,
        params (string Name, string Value)[] fields
    )
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await client.PostAsync("/connect/token", form, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    public static string Text(this JsonElement body, string name) => body.GetProperty(name).GetString()!;

    /// <summary>One part of a token: 0 is its header, 1 its claims.</summary>
    public static JsonElement Part(string token, int part) =>
        JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.Split('.')[part])).RootElement;

    /// <summary>Calls an address of ours with a token.</summary>
    public static async Task<HttpResponseMessage> GetWithAsync(this HttpClient client, string address, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new("Bearer", token);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // The framework writes the name first, our pages the type.
    [GeneratedRegex(
        "<input[^>]*name=\"(?<name>[^\"]+)\"[^>]*type=\"hidden\"[^>]*value=\"(?<value>[^\"]*)\""
            + "|<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]+)\"[^>]*value=\"(?<value>[^\"]*)\"",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Hidden();
}
