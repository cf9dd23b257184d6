using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Journeys;

/// <summary>The main job as two people see it: one holds a phone, the other one sits at the console.</summary>
public sealed class PhoneJourneyTests(RunningSystem system, Chrome chrome)
{
    [Fact]
    public async Task What_the_owner_says_in_the_console_is_what_the_contact_reads_on_the_phone()
    {
        var business = await system.OpenBusinessAsync();
        var console = await chrome.OpenAsync();
        await console.SignInAsync(system, business);
        var phone = await chrome.OpenAsync(width: 420);
        await phone.TakeUpPhoneAsync(system, business, "905551300001");

        await console.DescribeAsync(system, "We are open on Saturday from 10:00 to 16:00.", "Returns are free within 14 days.");
        (await phone.AskAsync(system, "when are you open on Saturday?")).ShouldContain("10:00 to 16:00");
        await Expect(phone.Locator("#bubbles .bubble.mine .state").Last).ToHaveClassAsync("state Read");
        await Chrome.KeepAsync(phone, "phone-answered");

        await console.DescribeAsync(system, "We are open on Saturday from 11:30 to 15:00.", "Returns are free within 14 days.");
        (await phone.AskAsync(system, "and when are you open on Saturday?")).ShouldContain("11:30 to 15:00");

        await console.DescribeAsync(system, "Returns are free within 14 days.");
        (await phone.AskAsync(system, "are you open on Saturday?")).ShouldContain("know", Case.Insensitive);
        await Chrome.KeepAsync(phone, "phone-does-not-know");
    }

    [Fact]
    public async Task A_message_bears_one_tick_when_the_webhook_was_answered_and_two_blue_ones_when_it_is_read()
    {
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        var phone = await chrome.OpenAsync(width: 420);
        await phone.TakeUpPhoneAsync(system, system.Demo, "905551300002");

        await phone.AskAsync(system, "when are you open on Saturday?");
        await Expect(phone.Locator("#bubbles .bubble.mine .state").Last).ToHaveClassAsync("state Read");

        (await phone.SignsAsync()).ShouldBe(["Sending", "Delivered", "Read"]);
    }

    [Fact]
    public async Task A_message_that_nobody_took_in_bears_no_tick_until_it_comes_again()
    {
        const string Text = "is anybody there on Saturday?";
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.ControlAsync(
            "faults",
            new
            {
                target = "webhook",
                kind = "reset",
                match = Text,
            }
        );
        var phone = await chrome.OpenAsync(width: 420);
        await phone.TakeUpPhoneAsync(system, system.Demo, "905551300003");

        (await phone.AskAsync(system, Text)).ShouldContain("10:00");
        await Expect(phone.Locator("#bubbles .bubble.mine .state").Last).ToHaveClassAsync("state Read");

        (await phone.SignsAsync()).ShouldBe(["Sending", "Retrying", "Delivered", "Read"]);
        (await phone.Locator("#bubbles .bubble.theirs").CountAsync()).ShouldBe(1);
    }
}
