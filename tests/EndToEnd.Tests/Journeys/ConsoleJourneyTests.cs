using Microsoft.Playwright;
using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Journeys;

public sealed class ConsoleJourneyTests(RunningSystem system, Chrome chrome)
{
    [Fact]
    public async Task The_owner_signs_in_sees_how_it_stands_edits_the_assistant_and_finds_the_messages()
    {
        const string Contact = "905551310001";
        var business = await system.OpenBusinessAsync();
        await business.WriteAsync(Contact, "when are you open on Saturday?");
        await business.WaitForReplyAsync(Contact);
        var console = await chrome.OpenAsync();
        await console.GotoAsync(system.Run.Console);
        await Chrome.KeepAsync(console, "console-welcome");

        await console.SignInAsync(system, business);
        await Chrome.KeepAsync(console, "console-overview");

        await console.GotoAsync(Page("/assistant"));
        await console.Locator("[name=AssistantName]").FillAsync("Defne");
        await console.DescribeAsync(system, "We are open on Sunday from 12:00 to 13:00.");
        await console.ReloadAsync();
        await Expect(console.Locator("[name=Facts]")).ToHaveValueAsync("We are open on Sunday from 12:00 to 13:00.");
        await Chrome.KeepAsync(console, "console-assistant");
        (await business.CallAsync(HttpMethod.Get, "ai-responder", "/profile"))
            .GetProperty("facts")
            .GetString()
            .ShouldBe("We are open on Sunday from 12:00 to 13:00.");

        await console.GotoAsync(Page("/messages"));
        await Expect(console.Locator("main tbody tr")).ToHaveCountAsync(2);
        var page = await console.ContentAsync();
        page.ShouldNotContain(Contact);
        page.ShouldNotContain("when are you open");
        await Chrome.KeepAsync(console, "console-messages");
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_nothing_and_who_signs_out_is_not_signed_in_any_more()
    {
        var console = await chrome.OpenAsync();
        await console.GotoAsync(Page("/messages"));
        await Expect(console.Locator("main table")).ToHaveCountAsync(0);

        await console.SignInAsync(system, system.Demo);
        await console.Locator("form[action='/sign-out'] button").First.ClickAsync();
        await console.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await console.GotoAsync(Page("/messages"));

        await Expect(console.Locator("main table")).ToHaveCountAsync(0);
        await Expect(console.Locator("a[href^='/sign-in']").First).ToBeVisibleAsync();
    }

    private string Page(string path) => new Uri(new Uri(system.Run.Console), path).ToString();
}
