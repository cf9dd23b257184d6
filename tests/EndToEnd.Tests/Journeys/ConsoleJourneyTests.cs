using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Journeys;

public sealed class ConsoleJourneyTests(RunningSystem system, Chrome chrome)
{
    private const string Openings = "select at from content_access where tenant_id = $1";

    [Fact]
    public async Task The_owner_signs_in_sees_how_it_stands_and_edits_the_assistant()
    {
        var business = await system.OpenBusinessAsync();
        var console = await chrome.OpenAsync();
        await console.GotoAsync(system.Run.Console);
        await Chrome.KeepAsync(console, "console-welcome");

        await console.SignInAsync(system, business);
        await Chrome.KeepAsync(console, "console-overview");

        await console.DescribeAsync(system, "We are open on Sunday from 12:00 to 13:00.");
        await console.ReloadAsync();
        await Expect(console.Locator("[name=Facts]")).ToHaveValueAsync("We are open on Sunday from 12:00 to 13:00.");
        await Chrome.KeepAsync(console, "console-assistant");
        (await business.CallAsync(HttpMethod.Get, "ai-responder", "/profile"))
            .GetProperty("facts")
            .GetString()
            .ShouldBe("We are open on Sunday from 12:00 to 13:00.");
    }

    [Fact]
    public async Task A_person_reads_a_conversation_takes_it_over_answers_and_gives_it_back()
    {
        const string Contact = "905551310001";
        const string Answer = "This is Deniz: come by at noon.";
        system.Secrets.Add("text", Answer);
        var business = await system.OpenBusinessAsync();
        await business.WriteAsync(Contact, "when are you open on Saturday?");
        await business.WaitForReplyAsync(Contact);
        var console = await chrome.OpenAsync();
        await console.SignInAsync(system, business);
        await console.GotoAsync(Page("/conversations"));
        await Chrome.KeepAsync(console, "console-conversations");

        await console.Locator("main ul.rows a.row").ClickAsync();
        await Expect(console.Locator("ol.bubbles .bubble")).ToHaveCountAsync(2);
        var closed = await console.ContentAsync();
        closed.ShouldNotContain(Contact);
        closed.ShouldNotContain("when are you open");
        await using var responder = system.OpenDatabase("ai-responder");
        (await responder.ReadAsync<DateTime>(Openings, business.Tenant)).ShouldBeEmpty();
        await console.Locator("form[action*='handler=Open'] button").ClickAsync();
        await Expect(console.Locator("ol.bubbles")).ToContainTextAsync("when are you open on Saturday?");
        (await responder.ReadAsync<DateTime>(Openings, business.Tenant)).ShouldHaveSingleItem();

        await console.Locator("form[action*='handler=TakeOver'] button").ClickAsync();
        await console.Locator("#text").FillAsync(Answer);
        await console.Locator("form[action*='handler=Answer'] button").First.ClickAsync();
        (await business.WaitForReplyAsync(Contact, 2)).ShouldBe(Answer);
        await Chrome.KeepAsync(console, "console-conversation");

        await console.Locator("form[action*='handler=Release'] button").ClickAsync();
        await Expect(console.Locator("form[action*='handler=TakeOver'] button")).ToBeVisibleAsync();
        await business.WriteAsync(Contact, "and when are you open on Saturday?");
        (await business.WaitForReplyAsync(Contact, 3)).ShouldContain("10:00");
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_nothing_and_who_signs_out_is_not_signed_in_any_more()
    {
        var console = await chrome.OpenAsync();
        await console.GotoAsync(Page("/conversations"));
        await Expect(console.Locator("a[href^='/sign-in']").First).ToBeVisibleAsync();

        await console.SignInAsync(system, system.Demo);
        await console.Locator(".side form[action='/sign-out'] button").ClickAsync();
        await Expect(console.Locator("a[href^='/sign-in']").First).ToBeVisibleAsync();
        await console.GotoAsync(Page("/conversations"));

        await Expect(console.Locator("a[href^='/sign-in']").First).ToBeVisibleAsync();
        await Expect(console.Locator("main ul.rows")).ToHaveCountAsync(0);
    }

    private string Page(string path) => new Uri(new Uri(system.Run.Console), path).ToString();
}
