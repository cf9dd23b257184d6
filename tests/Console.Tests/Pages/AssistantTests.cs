using System.Net;
using System.Text.Json;

namespace WpAsis.Console.Tests.Pages;

public sealed class AssistantTests
{
    [Fact]
    public async Task Who_changes_one_thing_loses_nothing_else()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("PUT ai-responder/profile", new { version = 4 });
        using var browser = app.Open();
        var page = await browser.OpenAsync("/assistant");
        page.Html.ShouldContain("Birazdan döneriz.");

        var saved = await SaveAsync(browser);

        saved.Status.ShouldBe(HttpStatusCode.Redirect);
        var call = app.Apis.Calls.Single(call => call.Method == "PUT");
        call.IfMatch.ShouldBe("\"3\"");
        var profile = JsonSerializer.Deserialize<JsonElement>(call.Body);
        profile.GetProperty("facts").GetString().ShouldBe("Pazar kapalıyız.");
        profile.GetProperty("disclosure").GetString().ShouldBe("Ben Defne, bir yapay zekâ asistanıyım.");
        profile.GetProperty("deniedText").GetString().ShouldBe("Birazdan döneriz.");
    }

    [Fact]
    public async Task What_somebody_else_saved_meanwhile_is_not_written_over_and_what_was_typed_stays()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("PUT ai-responder/profile", HttpStatusCode.PreconditionFailed, "profile-changed");
        using var browser = app.Open(language: "tr");
        await browser.OpenAsync("/assistant");

        var page = await SaveAsync(browser);

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("Bu sırada başka biri asistanı kaydetti.");
        page.Html.ShouldContain("Pazar kapalıyız.");
    }

    private static Task<Shown> SaveAsync(Browser browser) =>
        browser.SendAsync(
            "/assistant",
            ("Version", "3"),
            ("AssistantName", "Defne"),
            ("BusinessName", "Çiçek Pastanesi"),
            ("Facts", "Pazar kapalıyız."),
            ("Tone", "samimi"),
            ("Languages", "tr, en"),
            ("Scope", "pasta"),
            ("HumanContact", "+90 212 555 01 02"),
            ("Disclosure", "Ben Defne, bir yapay zekâ asistanıyım."),
            ("DeniedText", "Birazdan döneriz.")
        );
}
