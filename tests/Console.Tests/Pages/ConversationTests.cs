using System.Net;
using System.Text.Json;

namespace WpAsis.Console.Tests.Pages;

public sealed class ConversationTests
{
    private const string Page = $"/conversations/{Samples.Thread}";

    [Fact]
    public async Task A_page_shows_times_and_states_and_opens_nothing_by_itself()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation();
        using var browser = app.Open("agent");

        var page = await browser.OpenAsync(Page);

        page.Text.ShouldContain("Delivered");
        page.Text.ShouldContain("The 24-hour window had closed.");
        page.Text.ShouldNotContain("Merhaba");
        page.Headers.ShouldContain("no-store");
        app.Apis.CallsTo("ai-responder").ShouldBeEmpty();
    }

    [Fact]
    public async Task On_request_the_open_window_is_shown_and_what_expired_says_so()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation();
        using var browser = app.Open("agent");
        await browser.OpenAsync(Page);

        var page = await browser.SendAsync(Page + "?handler=Open");

        page.Text.ShouldContain("12 kişilik çikolatalı pasta");
        page.Text.ShouldContain("1.250,00 ₺");
        page.Text.ShouldContain("Text · expired");
        page.Headers.ShouldContain("no-store");
        app.Apis.CallsTo("ai-responder").ShouldHaveSingleItem().Token.ShouldBe("access");
    }

    [Fact]
    public async Task Words_of_a_contact_are_words_and_never_markup()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation();
        app.Apis.Say(
            $"GET ai-responder/threads/{Samples.Thread}/content",
            new
            {
                items = new[]
                {
                    new
                    {
                        messageId = "msg_3",
                        state = "Readable",
                        text = "<script>alert(1)</script>",
                    },
                },
            }
        );
        using var browser = app.Open("agent");
        await browser.OpenAsync(Page);

        var page = await browser.SendAsync(Page + "?handler=Open");

        page.Html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("billing")]
    public async Task Who_may_only_look_is_offered_nothing_else(string role)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation("Human");
        using var browser = app.Open(role);

        var page = await browser.OpenAsync(Page);

        page.Html.ShouldNotContain("handler=");
        page.Text.ShouldContain("Your role sees times and states only.");
    }

    [Theory]
    [InlineData(false, "taken-over")]
    [InlineData(true, "may-arrive")]
    public async Task After_a_take_over_the_page_says_whether_an_answer_may_still_arrive(bool mayStillArrive, string done)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation();
        app.Apis.Say($"POST messaging-gateway/threads/{Samples.Thread}/take-over", new { mode = "Human", mayStillArrive });
        using var browser = app.Open("agent");
        await browser.OpenAsync(Page);

        var taken = await browser.SendAsync(Page + "?handler=TakeOver", ("opened", "false"));
        var page = await browser.OpenAsync(taken.Location!.OriginalString);

        taken.Location.OriginalString.ShouldBe($"{Page}?done={done}#newest");
        page.Text.Contains("may still arrive", StringComparison.Ordinal).ShouldBe(mayStillArrive);
        page.Text.ShouldContain("You have taken over.");
    }

    [Fact]
    public async Task An_answer_is_sent_once_with_the_key_of_its_form()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation("Human");
        app.Apis.Say($"POST messaging-gateway/threads/{Samples.Thread}/messages", new { messageId = "msg_9" }, HttpStatusCode.Accepted);
        using var browser = app.Open("agent");
        await browser.OpenAsync(Page);

        var sent = await browser.SendAsync(Page + "?handler=Answer", ("text", " Yarın\r\nhazır "), ("key", Key), ("opened", "false"));

        sent.Location!.OriginalString.ShouldBe($"{Page}?done=sent#newest");
        var body = JsonSerializer.Deserialize<JsonElement>(app.Apis.CallsTo("messaging-gateway").Last().Body);
        body.GetProperty("text").GetString().ShouldBe("Yarın\nhazır");
        body.GetProperty("idempotencyKey").GetString().ShouldBe(Key);
    }

    [Fact]
    public async Task With_the_words_on_the_screen_they_stay_there_after_an_answer()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation("Human");
        app.Apis.Say($"POST messaging-gateway/threads/{Samples.Thread}/messages", new { messageId = "msg_9" }, HttpStatusCode.Accepted);
        using var browser = app.Open("agent");
        await browser.OpenAsync(Page);

        var page = await browser.SendAsync(Page + "?handler=Answer", ("text", "Yarın"), ("key", Key), ("opened", "true"));

        page.Text.ShouldContain("Your answer is on its way.");
        page.Text.ShouldContain("12 kişilik çikolatalı pasta");
        page.Html.ShouldNotContain(Key);
    }

    [Fact]
    public async Task An_answer_that_was_not_taken_stays_in_its_box_with_the_reason_and_the_same_key()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation("Human");
        app.Apis.Refuse($"POST messaging-gateway/threads/{Samples.Thread}/messages", HttpStatusCode.Conflict, "window-closed");
        using var browser = app.Open("agent", "tr");
        await browser.OpenAsync(Page);

        var page = await browser.SendAsync(Page + "?handler=Answer", ("text", "Yarın hazır"), ("key", Key), ("opened", "false"));

        page.Text.ShouldContain("24 saatlik pencere kapalı.");
        page.Text.ShouldContain("Yarın hazır");
        page.Html.ShouldContain(Key);
    }

    [Theory]
    [InlineData("Assistant", 20, false, "Take the conversation over to answer it yourself.")]
    [InlineData("Human", -1, false, "The 24-hour window is closed.")]
    [InlineData("Human", 20, true, "This contact said stop.")]
    public async Task Where_nothing_can_be_sent_there_is_no_box_but_the_reason(string mode, int hours, bool stopped, string reason)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Conversation(mode, hours, stopped);
        using var browser = app.Open("agent");

        var page = await browser.OpenAsync(Page);

        page.Html.ShouldNotContain("<textarea");
        page.Text.ShouldContain(reason);
    }

    private const string Key = "6f0a4f3e-7a55-4c6f-8a4e-0f6a4ad0b1c2";
}
