using System.Net;

namespace WpAsis.Identity.Tests.Tokens;

public sealed class AuthorizeTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_led_to_the_sign_in_page_in_their_language_and_back()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        var start = await browser.GetAsync(Browsing.AuthorizeUrl(extra: "&ui_locales=tr"), Stop);
        var page = start.Headers.Location!.OriginalString;
        page.ShouldStartWith("/sign-in?");
        (await browser.GetStringAsync(page, Stop)).ShouldContain("lang=\"tr\"");

        var signedIn = await browser.PostFormAsync(page, ("email", email), ("password", IdentityApplication.Password));
        signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        signedIn.Headers.Location!.OriginalString.ShouldStartWith("/connect/authorize?");
        var back = await browser.GetAsync(signedIn.Headers.Location, Stop);
        back.Headers.Location!.OriginalString.ShouldStartWith(Browsing.SandboxRedirect + "?code=");
        back.Headers.Location.Query.ShouldContain("iss=https%3A%2F%2Flocalhost%3A7101%2F");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&code_challenge=a-verifier-that-is-at-least-forty-three-characters-long&code_challenge_method=plain")]
    [InlineData("&code_challenge=a-verifier-that-is-at-least-forty-three-characters-long")]
    public async Task Without_a_hashed_challenge_there_is_no_code(string pkce)
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var response = await browser.GetAsync(Browsing.AuthorizeUrl(pkce: pkce), Stop);
        (response.Headers.Location?.OriginalString ?? "").ShouldNotContain("code=");
        (response.Headers.Location?.Query ?? "error=invalid_request").ShouldContain("error=invalid_request");
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("https://localhost:7120/callback/more")]
    [InlineData("https://localhost:7120/callback?x=1")]
    public async Task Another_address_than_the_registered_one_gets_nothing(string redirect)
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var url = Browsing
            .AuthorizeUrl()
            .Replace(Uri.EscapeDataString(Browsing.SandboxRedirect), Uri.EscapeDataString(redirect), StringComparison.Ordinal);
        var response = await browser.GetAsync(url, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("operators")]
    [InlineData("something-else")]
    public async Task A_scope_that_is_not_for_people_is_refused(string scope)
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var response = await browser.GetAsync(Browsing.AuthorizeUrl("openid " + scope), Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Stop)).ShouldContain("error:");
        response.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("fragment")]
    [InlineData("form_post")]
    public async Task Only_the_query_carries_a_code(string mode)
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var response = await browser.GetAsync(Browsing.AuthorizeUrl(extra: "&response_mode=" + mode), Stop);
        (response.Headers.Location?.OriginalString ?? "").ShouldNotContain("code=");
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Who_must_not_be_asked_is_not_asked()
    {
        using var browser = application.CreateBrowser();
        var response = await browser.GetAsync(Browsing.AuthorizeUrl(extra: "&prompt=none"), Stop);
        response.Headers.Location!.Query.ShouldContain("error=login_required");
    }

    [Fact]
    public async Task Who_must_sign_in_again_does_and_then_gets_a_code()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(email);

        var asked = await browser.GetAsync(Browsing.AuthorizeUrl(extra: "&prompt=login"), Stop);
        var page = asked.Headers.Location!.OriginalString;
        page.ShouldStartWith("/sign-in?");
        var signedIn = await browser.PostFormAsync(page, ("email", email), ("password", IdentityApplication.Password));
        var back = await browser.GetAsync(signedIn.Headers.Location, Stop);
        back.Headers.Location!.OriginalString.ShouldStartWith(Browsing.SandboxRedirect + "?code=");
    }
}
