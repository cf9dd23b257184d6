using Microsoft.Playwright;
using WpAsis.EndToEnd.Tests.Businesses;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Browsing;

/// <summary>What a person does in the console.</summary>
internal static class ConsolePages
{
    /// <summary>Signs in on identity's page and comes back to the overview.</summary>
    public static async Task SignInAsync(this IPage page, RunningSystem system, Business business)
    {
        await page.GotoAsync(system.Run.Console);
        await page.Locator("a[href^='/sign-in']").First.ClickAsync();
        await page.Locator("#email").FillAsync(business.Email);
        await page.Locator("#password").FillAsync(business.Password);
        await page.Locator("form[action='/sign-in'] button").ClickAsync();
        await Expect(page.Locator(".side a[href='/assistant']")).ToBeVisibleAsync();
    }

    /// <summary>Changes what the assistant knows.</summary>
    public static async Task DescribeAsync(this IPage page, RunningSystem system, params string[] facts)
    {
        foreach (var fact in facts)
            system.Secrets.Add("fact", fact);
        await page.GotoAsync(new Uri(new Uri(system.Run.Console), "/assistant").ToString());
        await page.Locator("[name=Facts]").FillAsync(string.Join('\n', facts));
        await page.Locator("main form:has([name=Facts]) button.button").ClickAsync();
        await Expect(page.Locator("main [role=status]").First).ToBeVisibleAsync();
    }
}
