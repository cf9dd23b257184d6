using Microsoft.Playwright;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>A person of the business reads, takes over, answers and gives back, without scripts.</summary>
public sealed class ConversationTests(RunningSystem system, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    [Fact]
    public async Task A_person_reads_takes_over_answers_and_gives_back()
    {
        const string Contact = "905552100010";
        await system.ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = system.Run.Demo.PhoneNumberId,
                from = Contact,
                profileName = "Zeynep Takeover",
                text = "pasta-canary-31 var mı?",
            }
        );
        await system.WaitForReplyAsync(Contact);
        await using var window = await browser.OpenAsync(scripts: false);
        var page = window.Page;
        await window.SignInAsync(system);
        await page.GotoAsync(system.Run.Console + "/conversations");
        await page.ClickAsync("text=Zeynep Takeover");
        (await page.ContentAsync()).ShouldNotContain("pasta-canary-31");

        await page.ClickAsync("text=Show what was said");
        await Assertions.Expect(page.Locator(".bubble.in .words")).ToContainTextAsync("pasta-canary-31");
        await page.ClickAsync("text=Take over");
        await Assertions.Expect(page.Locator("[role=status]")).ToContainTextAsync("You have taken over.");
        await page.FillAsync("#text", "*Merhaba* Zeynep, ben Deniz.");
        await page.ClickAsync("text=Send");
        await Assertions.Expect(page.Locator("[role=status]")).ToContainTextAsync("Your answer is on its way.");
        (await system.WaitForReplyAsync(Contact, 2)).ShouldBe("*Merhaba* Zeynep, ben Deniz.");
        await RunningSystem.UntilAsync(
            "the answer's ticks and its words in the console",
            async () =>
            {
                await page.GotoAsync(page.Url.Split('?', '#')[0]);
                await page.ClickAsync("text=Show what was said");
                var last = await page.Locator(".bubble.out").Last.InnerTextAsync();
                return last.Contains("ben Deniz", StringComparison.Ordinal) && last.Contains("Delivered", StringComparison.Ordinal);
            }
        );

        await system.WriteAsync(Contact, "teşekkürler");
        await MarkerAsync("905552100011");
        (await system.RepliesToAsync(Contact)).Count.ShouldBe(2);

        await page.ClickAsync("text=Give back to the assistant");
        await system.WriteAsync(Contact, "cumartesi açık mısınız?");
        await system.WaitForReplyAsync(Contact, 3);
        system.Log.ShouldNotContain("pasta-canary-31");
        system.Log.ShouldNotContain("ben Deniz");
    }

    private async Task MarkerAsync(string contact)
    {
        await system.WriteAsync(contact, "hello");
        await system.WaitForReplyAsync(contact);
    }
}
