using System.Text;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Rights;

namespace WpAsis.EndToEnd.Tests.Journeys;

/// <summary>The four rights, from the page and the phone to the last receipt.</summary>
public sealed class RightsJourneyTests(RunningSystem system)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contact_proves_by_a_code_takes_a_copy_and_is_forgotten()
    {
        const string Contact = "905552000001";
        var business = await system.OpenBusinessAsync();
        await business.WriteAsync(Contact, "canary-8899 are you open on Saturday?");
        await business.WaitForReplyAsync(Contact);
        var threads = await CountThreadsAsync(business);

        var access = await PrivacyPage.AskAsync(system, "Access");
        await access.ProveAsync(business, Contact);
        await business.WaitForReplyAsync(Contact, 2);
        await access.WaitForAsync("Delivered");
        var copy = await access.DownloadAsync(business, Contact);
        Text(copy, "data/messaging-gateway.json").ShouldContain(Contact);
        Text(copy, "data/ai-responder.json").ShouldContain("canary-8899");
        Text(copy, "manifest.json").ShouldContain("sha256");

        var erasure = await PrivacyPage.AskAsync(system, "Erasure");
        await erasure.ProveAsync(business, Contact);
        await erasure.WaitForAsync("Completed");
        (await CountThreadsAsync(business)).ShouldBe(threads - 1);
        (await access.ReadAsync()).ShouldContain("Completed");

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
        var copy = PrivacyPage.Unzip(await response.Content.ReadAsByteArrayAsync(Stop));

        Text(copy, "data/identity.json").ShouldContain(business.Email);
        Text(copy, "data/identity.json").ShouldNotContain("argon2");
    }

    private static async Task<int> CountThreadsAsync(Business business)
    {
        var page = await business.CallAsync(HttpMethod.Get, "messaging-gateway", "/threads?limit=100");
        return page.GetProperty("items").GetArrayLength();
    }

    private static string Text(IReadOnlyDictionary<string, byte[]> files, string name) => Encoding.UTF8.GetString(files[name]);
}
