using System.Net;

namespace WpAsis.Console.Tests.SignIn;

/// <summary>A session ends here when it ended at identity, and only then.</summary>
public sealed class SessionTests
{
    private static readonly DateTimeOffset LongAgo = TimeProvider.System.GetUtcNow().AddHours(-1);

    [Fact]
    public async Task A_session_that_was_ended_elsewhere_is_signed_out_with_the_next_click()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("GET messaging-gateway/threads", HttpStatusCode.Unauthorized, "http-401");
        using var browser = app.Open();

        var page = await browser.OpenAsync("/conversations");

        page.Status.ShouldBe(HttpStatusCode.Redirect);
        page.Location!.OriginalString.ShouldBe("/welcome?ended=True");
        page.Headers.ShouldContain("__Host-console=; expires=Thu, 01 Jan 1970");
        (await browser.OpenAsync(page.Location.OriginalString)).Text.ShouldContain("Your session has ended");
    }

    [Fact]
    public async Task When_identity_refuses_to_renew_the_token_the_person_is_signed_out()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        Issuer(app);
        app.Apis.Say("POST identity.test/connect/token", new { error = "invalid_grant" }, HttpStatusCode.BadRequest);
        using var browser = app.Open(tokenExpires: LongAgo);

        var page = await browser.OpenAsync("/conversations");

        page.Status.ShouldBe(HttpStatusCode.Redirect);
        page.Location!.PathAndQuery.ShouldStartWith("/welcome");
        page.Headers.ShouldContain("__Host-console=; expires=Thu, 01 Jan 1970");
        app.Apis.CallsTo("messaging-gateway").ShouldBeEmpty();
        app.Apis.CallsTo("identity.test/connect/token").ShouldHaveSingleItem().Body.ShouldContain("refresh_token=refresh");
    }

    [Fact]
    public async Task While_identity_is_away_nobody_is_signed_out_and_the_page_says_why_it_is_empty()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.TakeAway("identity.test");
        using var browser = app.Open(language: "tr", tokenExpires: LongAgo);

        var page = await browser.OpenAsync("/conversations");

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("şu anda ulaşılamıyor");
        page.Headers.ShouldNotContain("Set-Cookie: __Host-console=;");
        app.Apis.CallsTo("messaging-gateway").ShouldBeEmpty();
    }

    [Fact]
    public async Task Signing_in_while_identity_is_away_says_so_on_a_page()
    {
        await using var app = new ConsoleApplication();
        app.Apis.TakeAway("identity.test");
        using var browser = app.Open(role: null, language: "tr");

        var page = await browser.OpenAsync("/sign-in");

        page.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        page.Text.ShouldContain("Şu anda ulaşılamıyoruz");
        page.Text.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task Who_must_prove_themselves_again_is_asked_to_sign_in_again()
    {
        await using var app = new ConsoleApplication();
        Issuer(app);
        using var browser = app.Open();

        var page = await browser.OpenAsync("/sign-in?again=true&returnUrl=/my-data");

        page.Status.ShouldBe(HttpStatusCode.Redirect, page.Text);
        page.Location!.AbsoluteUri.ShouldStartWith("https://identity.test/connect/authorize?");
        page.Location.Query.ShouldContain("prompt=login");
    }

    private static void Issuer(ConsoleApplication app)
    {
        app.Apis.Say(
            "GET identity.test/.well-known/openid-configuration",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["issuer"] = "https://identity.test/",
                ["authorization_endpoint"] = "https://identity.test/connect/authorize",
                ["token_endpoint"] = "https://identity.test/connect/token",
                ["jwks_uri"] = "https://identity.test/.well-known/jwks",
                ["grant_types_supported"] = new[] { "authorization_code", "refresh_token" },
                ["response_types_supported"] = new[] { "code" },
                ["code_challenge_methods_supported"] = new[] { "S256" },
                ["subject_types_supported"] = new[] { "public" },
                ["id_token_signing_alg_values_supported"] = new[] { "ES256" },
                ["token_endpoint_auth_methods_supported"] = new[] { "client_secret_basic", "client_secret_post" },
            }
        );
        app.Apis.Say("GET identity.test/.well-known/jwks", new { keys = new[] { Key } });
    }

    private static readonly Dictionary<string, string> Key = new(StringComparer.Ordinal)
    {
        ["kty"] = "EC",
        ["use"] = "sig",
        ["alg"] = "ES256",
        ["kid"] = "test",
        ["crv"] = "P-256",
        ["x"] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        ["y"] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    };
}
