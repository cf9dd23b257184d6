using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WpAsis.Identity.Tests.Tokens;

public sealed class ExchangeTokenTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_members_token_says_who_for_whom_and_for_how_long_and_nothing_personal()
    {
        using var browser = await SignedInAsync();
        var (status, tokens) = await browser.RedeemAsync(await browser.CodeAsync("openid offline_access messaging-gateway"));

        status.ShouldBe(HttpStatusCode.OK);
        var header = Browsing.Part(tokens.Text("access_token"), 0);
        header.Text("alg").ShouldBe("ES256");
        header.Text("typ").ShouldBe("at+jwt");
        var claims = Browsing.Part(tokens.Text("access_token"), 1);
        claims.Text("iss").ShouldBe("https://localhost:7101/");
        claims.Text("aud").ShouldBe("messaging-gateway");
        claims.Text("sub").ShouldStartWith("acc_");
        claims.Text("subject_id").ShouldStartWith("dsu_");
        claims.Text("tenant_id").ShouldStartWith("tnt_");
        claims.Text("sid").ShouldStartWith("ses_");
        claims.Text("role").ShouldBe("owner");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(600);
        DateTimeOffset
            .FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64())
            .ShouldBe(application.Clock.GetUtcNow(), TimeSpan.FromSeconds(2));
        claims.ToString().ShouldNotContain("example.com");
        claims.TryGetProperty("name", out _).ShouldBeFalse();
        var identity = Browsing.Part(tokens.Text("id_token"), 1);
        identity.Text("sid").ShouldBe(claims.Text("sid"));
        identity.Text("role").ShouldBe("owner");
        identity.TryGetProperty("tenant_id", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_code_works_once_and_a_second_use_kills_what_the_first_one_brought()
    {
        using var browser = await SignedInAsync();
        var code = await browser.CodeAsync();
        var (_, tokens) = await browser.RedeemAsync(code);

        var (status, body) = await browser.RedeemAsync(code);
        status.ShouldBe(HttpStatusCode.BadRequest);
        body.Text("error").ShouldBe("invalid_grant");
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_code_needs_its_verifier_and_its_minute()
    {
        using var browser = await SignedInAsync();
        (await browser.RedeemAsync(await browser.CodeAsync(), "another-verifier-that-is-forty-three-characters-long")).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        var late = await browser.CodeAsync();
        application.Clock.Advance(TimeSpan.FromMinutes(2));
        (await browser.RedeemAsync(late)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_by_each_use_and_a_second_use_ends_family_and_session()
    {
        using var browser = await SignedInAsync();
        var (_, first) = await browser.RedeemAsync(await browser.CodeAsync());
        var (renewed, second) = await browser.RefreshAsync(first.Text("refresh_token"));
        renewed.ShouldBe(HttpStatusCode.OK);
        second.Text("refresh_token").ShouldNotBe(first.Text("refresh_token"), StringComparer.Ordinal);
        // A reference, not a token that says something.
        second.Text("refresh_token").Contains('.', StringComparison.Ordinal).ShouldBeFalse();
        (await browser.GetWithAsync("/account", second.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var (reused, body) = await browser.RefreshAsync(first.Text("refresh_token"));
        reused.ShouldBe(HttpStatusCode.BadRequest);
        body.Text("error").ShouldBe("invalid_grant");
        (await browser.RefreshAsync(second.Text("refresh_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetWithAsync("/account", second.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_asks_for_one_audience_and_the_next_one_for_another()
    {
        using var browser = await SignedInAsync();
        var (_, all) = await browser.RedeemAsync(await browser.CodeAsync("openid offline_access identity billing messaging-gateway"));

        var (_, billing) = await browser.RefreshAsync(all.Text("refresh_token"), "billing");
        Browsing.Part(billing.Text("access_token"), 1).Text("aud").ShouldBe("billing");
        var (_, gateway) = await browser.RefreshAsync(billing.Text("refresh_token"), "messaging-gateway");
        Browsing.Part(gateway.Text("access_token"), 1).Text("aud").ShouldBe("messaging-gateway");
        (await browser.RefreshAsync(gateway.Text("refresh_token"), "ai-responder")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetWithAsync("/account", gateway.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_lives_ten_minutes_by_our_clock()
    {
        using var browser = await SignedInAsync();
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        application.Clock.Advance(TimeSpan.FromMinutes(9));
        (await browser.GetWithAsync("/account", tokens.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        application.Clock.Advance(TimeSpan.FromMinutes(2));
        (await browser.GetWithAsync("/account", tokens.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_that_is_idle_for_two_weeks_brings_no_token()
    {
        using var browser = await SignedInAsync();
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        application.Clock.Advance(TimeSpan.FromDays(15));
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("ai-responder", "messaging-gateway")]
    [InlineData("data-subject-request", "billing")]
    [InlineData("operators", "operators")]
    public async Task A_program_gets_the_audience_that_it_calls(string program, string audience)
    {
        using var client = application.CreateBrowser();
        var (status, tokens) = await client.ProgramTokenAsync(program, audience, IdentityApplication.ServiceSecret);
        status.ShouldBe(HttpStatusCode.OK);
        var claims = Browsing.Part(tokens.Text("access_token"), 1);
        claims.Text("aud").ShouldBe(audience);
        claims.Text("service").ShouldBe(program);
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(600);
    }

    [Theory]
    [InlineData("billing", "messaging-gateway", IdentityApplication.ServiceSecret)]
    [InlineData("billing", "operators", IdentityApplication.ServiceSecret)]
    [InlineData("operators", "identity", IdentityApplication.ServiceSecret)]
    [InlineData("data-subject-request", "identity billing", IdentityApplication.ServiceSecret)]
    [InlineData("data-subject-request", "", IdentityApplication.ServiceSecret)]
    [InlineData("console", "identity", IdentityApplication.ServiceSecret)]
    [InlineData("billing", "identity", "a-wrong-secret-of-a-service")]
    [InlineData("nobody", "identity", IdentityApplication.ServiceSecret)]
    public async Task A_program_gets_nothing_else(string program, string scope, string secret)
    {
        using var client = application.CreateBrowser();
        var (status, body) = await client.ProgramTokenAsync(program, scope, secret);
        status.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized);
        body.TryGetProperty("access_token", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_key_set_holds_one_public_es256_key_named_by_its_thumbprint()
    {
        using var client = application.CreateBrowser();
        var metadata = await client.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration", Stop);
        metadata.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(item => item.GetString()).ShouldBe(["S256"]);
        metadata.GetProperty("response_modes_supported").EnumerateArray().Select(item => item.GetString()).ShouldBe(["query"]);
        var keys = await client.GetFromJsonAsync<JsonElement>(new Uri(metadata.Text("jwks_uri")).PathAndQuery, Stop);

        var key = keys.GetProperty("keys").EnumerateArray().Single();
        key.Text("kty").ShouldBe("EC");
        key.Text("crv").ShouldBe("P-256");
        key.Text("alg").ShouldBe("ES256");
        key.TryGetProperty("d", out _).ShouldBeFalse();
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{key.Text("x")}}","y":"{{key.Text("y")}}"}""";
        var thumbprint = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(canonical));
        key.Text("kid").ShouldBe(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(thumbprint));
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_dead()
    {
        using var browser = await SignedInAsync();
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        using var form = new FormUrlEncodedContent([new("client_id", "sandbox"), new("token", tokens.Text("refresh_token"))]);
        (await browser.PostAsync("/connect/revoke", form, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var browser = application.CreateBrowser();
        (await browser.SignInAsync(await application.CreateAccountAsync())).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return browser;
    }
}
