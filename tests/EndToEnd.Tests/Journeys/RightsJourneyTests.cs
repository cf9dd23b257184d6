using System.IO.Compression;
using System.Text.RegularExpressions;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Journeys;

/// <summary>The four rights, from the page and the phone to the last receipt.</summary>
public sealed partial class RightsJourneyTests(RunningSystem system)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Rights => system.Run.Services["data-subject-request"].Url;

    [Fact]
    public async Task A_contact_proves_by_a_code_takes_a_copy_and_is_forgotten()
    {
        const string Contact = "905552000001";
        var business = await system.OpenBusinessAsync();
        await business.WriteAsync(Contact, "canary-8899 are you open on Saturday?");
        await business.WaitForReplyAsync(Contact);
        var threads = await CountThreadsAsync(business);

        var access = await AskAsync("Access");
        await business.WriteAsync(Contact, await CodeAsync(access));
        await business.WaitForReplyAsync(Contact, 2);
        await StateAsync(access, "Delivered");
        await PostAsync(access, "Code");
        await business.WriteAsync(Contact, await CodeAsync(access));
        await RunningSystem.UntilAsync(
            "the proof",
            async () => (await PageAsync(access)).Contains("handler=Download", StringComparison.Ordinal)
        );
        var copy = await DownloadAsync(access);
        copy["data/messaging-gateway.json"].ShouldContain(Contact);
        copy["data/ai-responder.json"].ShouldContain("canary-8899");
        copy["manifest.json"].ShouldContain("sha256");

        var erasure = await AskAsync("Erasure");
        await business.WriteAsync(Contact, await CodeAsync(erasure));
        await StateAsync(erasure, "Completed");
        (await CountThreadsAsync(business)).ShouldBe(threads - 1);
        (await PageAsync(access)).ShouldContain("Completed");

        await business.WriteAsync(Contact, "are you open on Saturday?");
        await RunningSystem.UntilAsync("a new thread", async () => await CountThreadsAsync(business) == threads);
    }

    [Fact]
    public async Task An_account_takes_a_copy_of_its_own_data()
    {
        var business = await system.OpenBusinessAsync();
        var asked = await business.CallAsync(HttpMethod.Post, "data-subject-request", "/requests", new { kind = "Portability" });
        var path = "/requests/" + asked.GetProperty("requestId").GetString();

        await RunningSystem.UntilAsync(
            "the archive",
            async () =>
                (await business.CallAsync(HttpMethod.Get, "data-subject-request", path)).GetProperty("state").GetString() == "Delivered"
        );
        using var response = await business.SendAsync(HttpMethod.Get, "data-subject-request", path + "/download");
        response.EnsureSuccessStatusCode();
        var copy = Unzip(await response.Content.ReadAsByteArrayAsync(Stop));

        copy["data/identity.json"].ShouldContain(business.Email);
        copy["data/identity.json"].ShouldNotContain("argon2");
    }

    private static async Task<int> CountThreadsAsync(Business business)
    {
        var page = await business.CallAsync(HttpMethod.Get, "messaging-gateway", "/threads?limit=100");
        return page.GetProperty("items").GetArrayLength();
    }

    private async Task<string> AskAsync(string kind)
    {
        using var form = new FormUrlEncodedContent([new("kind", kind)]);
        using var response = await system.Http.PostAsync(Rights + "/privacy", form, Stop);
        return Rights + response.Headers.Location!.OriginalString;
    }

    private Task<string> PageAsync(string page) => system.Http.GetStringAsync(page, Stop);

    private async Task<string> CodeAsync(string page) => CodePattern().Match(await PageAsync(page)).Value;

    private Task StateAsync(string page, string state) =>
        RunningSystem.UntilAsync(state, async () => (await PageAsync(page)).Contains($"data-state=\"{state}\"", StringComparison.Ordinal));

    private async Task PostAsync(string page, string handler)
    {
        using var nothing = new FormUrlEncodedContent([]);
        using var response = await system.Http.PostAsync($"{page}&handler={handler}", nothing, Stop);
        ((int)response.StatusCode).ShouldBeLessThan(400);
    }

    private async Task<Dictionary<string, string>> DownloadAsync(string page)
    {
        using var nothing = new FormUrlEncodedContent([]);
        using var response = await system.Http.PostAsync($"{page}&handler=Download", nothing, Stop);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/zip");
        return Unzip(await response.Content.ReadAsByteArrayAsync(Stop));
    }

    private static Dictionary<string, string> Unzip(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
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

    [GeneratedRegex("WPASIS [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();
}
