using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.TestServers.Tiers;
using static Microsoft.Playwright.Assertions;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>What an owner does with a browser and nothing else, from the first visit to the copy of their own data.</summary>
public sealed partial class OwnerTests(RunningSystem system, Chrome chrome)
{
    [LongFact("console")]
    public async Task A_newcomer_registers_connects_a_number_pays_for_a_plan_cancels_it_and_takes_that_back()
    {
        await using var window = await Window.OpenAsync(chrome, 360, "tr");
        var page = window.Page;
        await RegisterAsync(page);
        await Expect(page.Locator(".checklist .done")).ToHaveCountAsync(1);

        await ConnectAsync(page);
        await page.GotoAsync(At("/plan"));
        await Expect(page.Locator("#current")).ToHaveTextAsync("Planınız: Deneme");
        await PayAsync(page);
        await RunningSystem.UntilAsync(
            "the paid plan",
            async () =>
            {
                await page.GotoAsync(At("/plan"));
                return await page.Locator("#current").InnerTextAsync() == "Planınız: Pro";
            }
        );
        await Expect(page.Locator("section[aria-labelledby=invoices] tbody tr")).ToHaveCountAsync(1);

        await page.Locator("form[action*='handler=Cancel'] button").ClickAsync();
        await Expect(page.Locator("section[aria-labelledby=current]")).ToContainTextAsync("İptal edildi.");
        await page.Locator("form[action*='handler=Resume'] button").ClickAsync();
        await Expect(page.Locator("form[action*='handler=Cancel'] button")).ToBeVisibleAsync();
        (await window.FaultsAsync()).ShouldBeEmpty();
    }

    [LongFact("console")]
    public async Task An_owner_takes_a_copy_of_their_data_and_is_asked_before_anything_is_deleted()
    {
        await using var window = await Window.OpenAsync(chrome, 1280);
        var business = await system.OpenBusinessAsync();
        await window.SignInAsync(system, business);
        var page = window.Page;
        await page.Locator(".side a[href='/my-data']").ClickAsync();
        await page.Locator("form[action*='handler=Copy'] button").ClickAsync();

        var download = page.Locator("a[href*='handler=Archive']");
        await Expect(download).ToBeVisibleAsync();
        (await window.FaultsAsync()).ShouldBeEmpty();
        var copy = await DownloadAsync(page, download);
        copy["manifest.json"].ShouldContain("data/identity.json");
        copy["data/identity.json"].ShouldContain(business.Email);

        await page.Locator("a[href='/my-data?erase=true']").ClickAsync();
        await Expect(page.Locator("form[action*='handler=Erase'] button.danger")).ToBeVisibleAsync();
        await page.Locator("form[action*='handler=Erase'] button.danger").ClickAsync();
        await Expect(page.Locator("[name=closeBusinesses]")).ToBeVisibleAsync();
        // The last owner was only asked: nothing has begun.
        await Expect(page.Locator("section[aria-labelledby=requests] tbody tr")).ToHaveCountAsync(1);
    }

    private string At(string path) => system.Run.Console + path;

    private async Task RegisterAsync(IPage page)
    {
        var email = $"newcomer-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@business.example";
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
        system.Secrets.Add("e-mail", email);
        system.Secrets.Add("password", password);
        await page.GotoAsync(system.Run.Console);
        await page.Locator("main a.button.secondary").ClickAsync();
        await page.FillAsync("#name", "Deniz Yeni");
        await page.FillAsync("#email", email);
        await page.FillAsync("#businessName", "Köşe Kitabevi");
        await page.FillAsync("#password", password);
        await page.ClickAsync("main form button.button");
        await Expect(page.Locator("main [role=status]")).ToBeVisibleAsync();

        await page.GotoAsync(await LinkAsync(email));
        await page.ClickAsync("main form button.button");
        await page.ClickAsync("main a.button");
        await page.ClickAsync("main a.button");
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", password);
        await page.ClickAsync("main form button.button");
        await page.ArriveAsync(At("/"));
        await Expect(page.Locator(".lead")).ToContainTextAsync("Köşe Kitabevi");
    }

    private async Task<string> LinkAsync(string email)
    {
        var link = "";
        await RunningSystem.UntilAsync(
            "the confirmation mail",
            async () =>
            {
                var mails = await system.ReadControlAsync($"mail?to={Uri.EscapeDataString(email)}");
                link = mails
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(mail => Link().Match(mail.GetProperty("text").GetString()!).Value)
                    .FirstOrDefault("");
                return link.Length > 0;
            }
        );
        return link;
    }

    private async Task ConnectAsync(IPage page)
    {
        var phoneNumberId = "7" + RandomNumberGenerator.GetString("0123456789", 14);
        var wabaId = "8" + RandomNumberGenerator.GetString("0123456789", 14);
        var accessToken = await system.MakeNumberAsync(phoneNumberId, wabaId);
        await page.GotoAsync(At("/numbers"));
        await page.FillAsync("#phoneNumberId", phoneNumberId);
        await page.FillAsync("#wabaId", wabaId);
        await page.FillAsync("#accessToken", accessToken + "x");
        await page.ClickAsync("form[action*='handler=Connect'] button");
        // A mistake costs only the token: the ids are still there, the token is not.
        await Expect(page.Locator("main [role=alert]")).ToBeVisibleAsync();
        await Expect(page.Locator("#phoneNumberId")).ToHaveValueAsync(phoneNumberId);
        await Expect(page.Locator("#accessToken")).ToHaveValueAsync("");

        await page.FillAsync("#accessToken", accessToken);
        await page.ClickAsync("form[action*='handler=Connect'] button");
        await Expect(page.Locator("main ul.rows .badge")).ToHaveTextAsync("Bağlı");
        (await page.ContentAsync()).ShouldNotContain(accessToken);
    }

    private async Task PayAsync(IPage page)
    {
        await page.Locator("form[action*='handler=Pay'] button").ClickAsync();
        // The page between sends the browser on by itself.
        await page.ArriveBelowAsync(system.Run.Sandbox!.Stripe + "/");
        await page.Locator("button.pay").ClickAsync();
        await page.ArriveAsync(At("/plan?checkout=paid"));
    }

    private static async Task<Dictionary<string, string>> DownloadAsync(IPage page, ILocator link)
    {
        var file = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        await using var stream = await file.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var reader = new StreamReader(entry.Open());
                return reader.ReadToEnd();
            },
            StringComparer.Ordinal
        );
    }

    [GeneratedRegex(@"https://\S+/confirm\?token=[A-Za-z0-9_\-\.~%]+", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
