using System.Globalization;
using Microsoft.Playwright;
using WpAsis.AppHost.Native;
using WpAsis.TestServers;

namespace WpAsis.EndToEnd.Tests.Journeys;

/// <summary>A person whose trial is used up pays for a plan in the browser, and the assistant goes on.</summary>
public sealed class SubscriptionJourneyTests(RunningSystem system)
{
    private const int Trial = 100;
    private const string Question = "when are you open on Saturday?";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Who_has_used_up_the_trial_pays_in_the_browser_and_the_next_message_is_answered()
    {
        var business = await TrialBusiness.OpenAsync(system);
        var contacts = Enumerable.Range(0, Trial).Select(Contact).ToList();
        await Parallel.ForEachAsync(
            contacts,
            TestContext.Current.CancellationToken,
            async (contact, _) => await business.WriteAsync(contact, Question)
        );
        await RunningSystem.UntilAsync("a hundred answers", async () => (await business.AnsweredAsync()).Count >= Trial);
        await business.WriteAsync(Contact(Trial), Question);
        await RunningSystem.UntilAsync(
            "the mail about it",
            async () => (await business.MailsAsync()).Any(mail => mail.Contains("used up"))
        );
        (await business.AnsweredAsync()).Count.ShouldBe(Trial);

        var checkout = await business.CallAsync(HttpMethod.Post, "billing", "/subscription/checkout", new { plan = "pro" });
        await PayAsync(checkout.GetProperty("url").GetString()!);
        // The page sends the person back when billing has answered the webhook.
        using (var timer = new PeriodicTimer(Promised))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        await business.WriteAsync(Contact(Trial + 1), Question);

        await RunningSystem.UntilAsync("the next answer", async () => (await business.AnsweredAsync())[^1] == Contact(Trial + 1));
        var subscription = await business.CallAsync(HttpMethod.Get, "billing", "/subscription");
        subscription.GetProperty("plan").GetString().ShouldBe("pro");
        subscription.GetProperty("isPaid").GetBoolean().ShouldBeTrue();
        var invoices = await business.CallAsync(HttpMethod.Get, "billing", "/invoices");
        invoices.GetProperty("items")[0].GetProperty("status").GetString().ShouldBe("paid");
        var cancelled = await business.CallAsync(HttpMethod.Post, "billing", "/subscription/cancel");
        cancelled.GetProperty("cancelAtPeriodEnd").GetBoolean().ShouldBeTrue();
    }

    private async Task PayAsync(string url)
    {
        await Chromium.EnsureAsync(TestContext.Current.CancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        var context = await browser.NewContextAsync(new() { IgnoreHTTPSErrors = true, Locale = "en-US" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        (await page.Locator("header.sandbox strong").InnerTextAsync()).ShouldContain("SANDBOX");
        var screens = Path.Combine(RepositoryRoot.Find(), ".local", "test", "screens");
        Directory.CreateDirectory(screens);
        await page.ScreenshotAsync(new() { Path = Path.Combine(screens, "checkout.png"), FullPage = true });
        // The console asks this browser to sign in, so that the address itself is gone again at once.
        await page.RunAndWaitForRequestAsync(
            () => page.Locator("button.pay").ClickAsync(),
            request =>
                request.Url.StartsWith(system.Run.Console, StringComparison.Ordinal)
                && request.Url.Contains("checkout=paid", StringComparison.Ordinal)
        );
    }

    private static string Contact(int number) => "90555" + (2_000_000 + number).ToString(CultureInfo.InvariantCulture);
}
