using System.Text.Json;
using Microsoft.Playwright;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Browsing;

/// <summary>What a WhatsApp user does on the phone page.</summary>
internal static class PhonePages
{
    // Every sign that a message of the person's ever bore, in order.
    private const string Remember = """
        window.signs = [];
        new MutationObserver(() => {
          const signs = [...document.querySelectorAll(".bubble.mine:last-of-type .state")].map((sign) => sign.className.split(" ")[1]);
          if (signs.length > 0 && window.signs.at(-1) !== signs.at(-1)) window.signs.push(signs.at(-1));
        }).observe(document, { subtree: true, childList: true });
        """;

    /// <summary>Takes the phone up as a person with this number.</summary>
    public static async Task TakeUpPhoneAsync(this IPage page, RunningSystem system, Business business, string number)
    {
        system.Secrets.Add("contact", number);
        var person = JsonSerializer.Serialize(
            new
            {
                kind = "number",
                name = "Ayşe Çelik",
                number = "+" + number,
                username = "ayse",
                userId = "",
            }
        );
        await page.AddInitScriptAsync(Remember);
        await page.AddInitScriptAsync($"localStorage.setItem('sandbox-phone-identity', {JsonSerializer.Serialize(person)});");
        await page.GotoAsync($"{system.Run.Sandbox!.Phone}?number={business.PhoneNumberId}");
        await Expect(page.Locator("#business")).Not.ToHaveTextAsync("…");
    }

    /// <summary>Writes and waits for the answer; answers with its text.</summary>
    public static async Task<string> AskAsync(this IPage page, RunningSystem system, string text)
    {
        system.Secrets.Add("text", text);
        var replies = page.Locator("#bubbles .bubble.theirs");
        var before = await replies.CountAsync();
        await page.Locator("#text").FillAsync(text);
        await page.Locator("#text").PressAsync("Enter");
        await Expect(replies).ToHaveCountAsync(before + 1, new() { Timeout = (float)TimeSpan.FromMinutes(3).TotalMilliseconds });
        return await replies.Last.InnerTextAsync();
    }

    /// <summary>The signs that the person's newest message bore, one after the other.</summary>
    public static Task<string[]> SignsAsync(this IPage page) => page.EvaluateAsync<string[]>("window.signs");
}
