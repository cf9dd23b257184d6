using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>A person of the business reads, takes over, answers and gives back, without scripts.</summary>
public sealed class ConversationTests(RunningSystem system, Chrome chrome)
{
    [Fact]
    public async Task A_person_reads_takes_over_answers_and_gives_back()
    {
        const string Contact = "905552100010";
        const string Answer = "*Merhaba*, ben Deniz, hemen bakıyorum.";
        var business = await system.OpenBusinessAsync();
        await business.WriteAsync(Contact, "pasta-canary-31 var mı?");
        await business.WaitForReplyAsync(Contact);
        system.Secrets.Add("answer of a person", Answer);
        await using var window = await Window.OpenAsync(chrome, scripts: false);
        var page = window.Page;
        await window.SignInAsync(system, business);
        await page.GotoAsync(system.Run.Console + "/conversations");
        await page.ClickAsync("a.row");
        (await page.ContentAsync()).ShouldNotContain("pasta-canary-31");

        await page.ClickAsync("text=Show what was said");
        await Expect(page.Locator(".bubble.in .words")).ToContainTextAsync("pasta-canary-31");
        await page.ClickAsync("text=Take over");
        await Expect(page.Locator("main [role=status]")).ToContainTextAsync("You have taken over.");
        await page.FillAsync("#text", Answer);
        await page.ClickAsync("main form button:has-text('Send')");
        await Expect(page.Locator("main [role=status]")).ToContainTextAsync("Your answer is on its way.");
        (await business.WaitForReplyAsync(Contact, 2)).ShouldBe(Answer);
        await RunningSystem.UntilAsync(
            "the answer's ticks and its words in the console",
            async () =>
            {
                await page.GotoAsync(page.Url.Split('?', '#')[0]);
                await page.ClickAsync("text=Show what was said");
                var last = await page.Locator(".bubble.out").Last.InnerTextAsync();
                return last.Contains("ben Deniz", StringComparison.Ordinal)
                    && (last.Contains("Delivered", StringComparison.Ordinal) || last.Contains("Read", StringComparison.Ordinal));
            }
        );

        await business.WriteAsync(Contact, "teşekkürler, bekliyorum");
        await business.PassMarkerAsync("905552100011");
        (await business.RepliesToAsync(Contact)).Count.ShouldBe(2);

        await page.ClickAsync("text=Give back to the assistant");
        await Expect(page.Locator("main [role=status]")).ToContainTextAsync("The assistant answers again");
        await business.WriteAsync(Contact, "cumartesi açık mısınız?");
        await business.WaitForReplyAsync(Contact, 3);
        system.Log.ShouldNotContain("pasta-canary-31");
        system.Log.ShouldNotContain("ben Deniz");
    }
}
