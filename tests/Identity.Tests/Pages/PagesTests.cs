using System.Net;

namespace WpAsis.Identity.Tests.Pages;

public sealed class PagesTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sign-in", "en", "Sign in")]
    [InlineData("/sign-in", "tr", "Oturum aç")]
    [InlineData("/sign-up", "en", "Create an account")]
    [InlineData("/sign-up", "tr", "Hesap oluştur")]
    [InlineData("/confirm?token=x", "tr", "E-posta adresinizi onaylayın")]
    [InlineData("/signed-out", "en", "You are signed out")]
    [InlineData("/sign-out", "tr-TR,tr;q=0.9,en;q=0.5", "Oturumu kapat")]
    public async Task A_page_speaks_the_readers_language(string page, string language, string heading)
    {
        using var browser = application.CreateBrowser(language);
        var html = WebUtility.HtmlDecode(await browser.GetStringAsync(page, Stop));
        html.ShouldContain($"<h1>{heading}</h1>", Case.Sensitive);
        html.ShouldContain($"<html lang=\"{language[..2]}\">", Case.Sensitive);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    [InlineData("/confirm?token=x")]
    public async Task A_page_loads_nothing_from_elsewhere_runs_no_script_of_its_own_and_is_kept_nowhere(string page)
    {
        using var browser = application.CreateBrowser();
        using var response = await browser.GetAsync(page, Stop);
        var csp = response.Headers.GetValues("Content-Security-Policy").Single();
        csp.ShouldContain("default-src 'none'");
        csp.ShouldContain("frame-ancestors 'none'");
        csp.ShouldContain("form-action 'self' https://localhost:7100 https://localhost:7120");
        csp.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await response.Content.ReadAsStringAsync(Stop)).ShouldNotContain("<script");
    }

    [Fact]
    public async Task The_style_sheet_of_the_layout_is_there()
    {
        using var browser = application.CreateBrowser();
        (await browser.GetAsync("/_content/WpAsis.Web/wpasis.css", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cookie_of_one_replica_is_good_at_another()
    {
        await using var replica = application.StartReplica();
        using var browser = application.CreateBrowser();
        var signedIn = await browser.SignInAsync(await application.CreateAccountAsync());
        var cookie = signedIn
            .Headers.GetValues("Set-Cookie")
            .Single(value => value.StartsWith("__Host-identity=", StringComparison.Ordinal));

        using var elsewhere = replica.CreateClient(
            new Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactoryClientOptions
            {
                BaseAddress = new Uri("https://localhost:7101"),
                AllowAutoRedirect = false,
                HandleCookies = false,
            }
        );
        elsewhere.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        var response = await elsewhere.GetAsync(Browsing.AuthorizeUrl(), Stop);
        response.Headers.Location!.OriginalString.ShouldStartWith(Browsing.SandboxRedirect + "?code=");
    }

    [Fact]
    public async Task The_cookie_of_the_pages_opens_no_api()
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        (await browser.GetAsync("/account", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
