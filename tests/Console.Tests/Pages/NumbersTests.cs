using System.Net;
using System.Text.Json;

namespace WpAsis.Console.Tests.Pages;

public sealed class NumbersTests
{
    private const string Token = "EAAG-canary-7781";

    [Fact]
    public async Task A_connected_number_is_shown_and_its_token_never_again()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("POST messaging-gateway/channels", Samples.Channel("connected"), HttpStatusCode.Created);
        using var browser = app.Open();
        await browser.OpenAsync("/numbers");

        var sent = await ConnectAsync(browser);
        var page = await browser.OpenAsync(sent.Location!.OriginalString);

        sent.Status.ShouldBe(HttpStatusCode.Redirect);
        page.Text.ShouldContain("+90 212 555 01 01 is connected.");
        page.Html.ShouldNotContain(Token);
        var body = JsonSerializer.Deserialize<JsonElement>(app.Apis.Calls.Single(call => call.Method == "POST").Body);
        body.GetProperty("accessToken").GetString().ShouldBe(Token);
    }

    [Theory]
    [InlineData("token-refused", "Meta bu erişim jetonunu kabul etmiyor.")]
    [InlineData("number-not-found", "böyle bir numara görmüyor")]
    [InlineData("number-connected-elsewhere", "başka bir müşterimiz bağlamış")]
    [InlineData("whatsapp-away", "WhatsApp'a şu anda sorulamıyor")]
    public async Task What_Meta_says_is_said_in_the_readers_language_and_the_token_does_not_come_back(string kind, string sentence)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("POST messaging-gateway/channels", HttpStatusCode.UnprocessableEntity, kind);
        using var browser = app.Open("admin", "tr");
        await browser.OpenAsync("/numbers");

        var page = await ConnectAsync(browser);

        page.Text.ShouldContain(sentence);
        page.Html.ShouldContain("value=\"106540352242922\"");
        page.Html.ShouldNotContain(Token);
    }

    [Fact]
    public async Task A_field_that_is_wrong_is_marked_with_our_own_sentence()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say(
            "POST messaging-gateway/channels",
            new
            {
                type = "https://wpasis.com/problems/invalid-input",
                errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["wabaId"] = ["English of the API"] },
            },
            HttpStatusCode.BadRequest
        );
        using var browser = app.Open("owner", "tr");
        await browser.OpenAsync("/numbers");

        var page = await ConnectAsync(browser);

        page.Text.ShouldContain("Meta'nın bir kimliği: harf, rakam, - ve _.");
        page.Text.ShouldNotContain("English of the API");
    }

    [Fact]
    public async Task A_number_is_disconnected_after_a_question_and_only_by_who_may()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("DELETE messaging-gateway/channels/chn_connected", new { }, HttpStatusCode.NoContent);
        using var owner = app.Open();
        using var agent = app.Open("agent");

        (await agent.OpenAsync("/numbers")).Html.ShouldNotContain("leave=");
        var question = await owner.OpenAsync("/numbers?leave=chn_connected");
        question.Text.ShouldContain("Disconnect +90 212 555 01 01?");
        var gone = await owner.SendAsync("/numbers?handler=Disconnect", ("id", "chn_connected"));

        gone.Status.ShouldBe(HttpStatusCode.Redirect);
        app.Apis.Calls.Count(call => call.Method == "DELETE").ShouldBe(1);
    }

    private static Task<Shown> ConnectAsync(Browser browser) =>
        browser.SendAsync(
            "/numbers?handler=Connect",
            ("phoneNumberId", "106540352242922"),
            ("wabaId", "102290129340398"),
            ("accessToken", Token)
        );
}
