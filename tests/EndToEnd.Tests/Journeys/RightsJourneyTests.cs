using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

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
        await system.WriteAsync(Contact, "canary-8899 are you open on Saturday?");
        await system.WaitForReplyAsync(Contact);
        var threads = await CountThreadsAsync();

        var access = await AskAsync("Access");
        await system.WriteAsync(Contact, await CodeAsync(access));
        await system.WaitForReplyAsync(Contact, 2);
        await StateAsync(access, "Delivered");
        await PostAsync(access, "Code");
        await system.WriteAsync(Contact, await CodeAsync(access));
        await RunningSystem.UntilAsync(
            "the proof",
            async () => (await PageAsync(access)).Contains("handler=Download", StringComparison.Ordinal)
        );
        var copy = await DownloadAsync(access);
        copy["data/messaging-gateway.json"].ShouldContain(Contact);
        copy["data/ai-responder.json"].ShouldContain("canary-8899");
        copy["manifest.json"].ShouldContain("sha256");

        var erasure = await AskAsync("Erasure");
        await system.WriteAsync(Contact, await CodeAsync(erasure));
        await StateAsync(erasure, "Completed");
        (await CountThreadsAsync()).ShouldBe(threads - 1);
        (await PageAsync(access)).ShouldContain("Completed");

        await system.WriteAsync(Contact, "are you open on Saturday?");
        await RunningSystem.UntilAsync("a new thread", async () => await CountThreadsAsync() == threads);
    }

    [Fact]
    public async Task An_account_takes_a_copy_of_its_own_data()
    {
        var asked = await system.CallAsync(HttpMethod.Post, "data-subject-request", "/requests", new { kind = "Portability" });
        var path = "/requests/" + asked.GetProperty("requestId").GetString();

        await RunningSystem.UntilAsync(
            "the archive",
            async () =>
                (await system.CallAsync(HttpMethod.Get, "data-subject-request", path)).GetProperty("state").GetString() == "Delivered"
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, Rights + path + "/download");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync());
        using var response = await system.Http.SendAsync(request, Stop);
        response.EnsureSuccessStatusCode();
        var copy = Unzip(await response.Content.ReadAsByteArrayAsync(Stop));

        copy["data/identity.json"].ShouldContain(system.Run.Demo.Email);
        copy["data/identity.json"].ShouldNotContain("argon2");
    }

    private async Task<int> CountThreadsAsync()
    {
        var page = await system.CallAsync(HttpMethod.Get, "messaging-gateway", "/threads?limit=100");
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

    private async Task<string?> TokenAsync()
    {
        var token = await system.ControlAsync(
            "token",
            new
            {
                identity = system.Run.Services["identity"].Url,
                email = system.Run.Demo.Email,
                password = system.Run.Demo.Password,
                scope = "openid data-subject-request",
            }
        );
        return token.GetProperty("accessToken").GetString();
    }

    [GeneratedRegex("WPASIS [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();
}
