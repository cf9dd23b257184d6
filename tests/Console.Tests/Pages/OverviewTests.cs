using System.Net;

namespace WpAsis.Console.Tests.Pages;

public sealed class OverviewTests
{
    [Fact]
    public async Task A_person_of_several_businesses_sees_the_one_their_session_is_for()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        using var browser = app.Open();

        var page = await browser.OpenAsync("/");

        page.Text.ShouldContain("Çiçek Pastanesi: here is what your assistant needs");
        page.Text.ShouldNotContain("Another business of theirs");
    }

    [Fact]
    public async Task A_number_whose_sending_we_stopped_is_nowhere_called_connected()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("GET messaging-gateway/channels", new { items = new[] { Samples.Channel("needs-attention", "paused") } });
        using var browser = app.Open(language: "tr");

        (await browser.OpenAsync("/")).Text.ShouldContain("Numara ilgi bekliyor: +90 212 555 01 01");
        var numbers = await browser.OpenAsync("/numbers");

        numbers.Text.ShouldContain("Bu numaradan gönderimi biz durdurduk.");
        numbers.Text.ShouldNotContain("Bağlı ");
    }

    [Theory]
    [InlineData("/numbers", "/numbers")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    public async Task Whoever_changes_the_language_stays_here(string returnUrl, string location)
    {
        await using var app = new ConsoleApplication();
        using var browser = app.Open(role: null);

        var page = await browser.SendAsync("/language", ("language", "tr"), ("returnUrl", returnUrl));

        page.Status.ShouldBe(HttpStatusCode.Redirect);
        page.Location!.OriginalString.ShouldBe(location);
    }
}
