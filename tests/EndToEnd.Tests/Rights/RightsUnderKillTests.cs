using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Intake;
using WpAsis.Privacy.Subjects;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>Every service is killed while a person is forgotten or takes a copy: both end as if nothing had happened.</summary>
public sealed class RightsUnderKillTests(RunningSystem system)
{
    private const int Seed = 20261129;
    private const string Said = "when are you open on Saturday?";

    // Written by whatever happens at all: what was handled, what is to be told, what was logged, who called whom.
    private static readonly string[] Machinery = [".inbox", ".outbox", ".system_log", ".openiddict_token", ".openiddict_authorization"];
    private readonly Random _dice = new(Seed);

    [LongFact("rights")]
    public async Task Persons_are_forgotten_and_take_copies_completely_while_services_are_killed()
    {
        var kills = await RunAsync(rounds: 5);
        kills.Counts.Values.ShouldAllBe(count => count > 0);
    }

    private async Task<KillAtRandom> RunAsync(int rounds)
    {
        Say($"seed {Seed}");
        var kills = new KillAtRandom(system, _dice);
        var business = await system.OpenBusinessAsync();
        var third = await MeetAsync(business, Meta.NewContact());
        for (var round = 1; round <= rounds; round++)
        {
            await CopyAsync(business, kills);
            await ForgetAsync(business, third, kills);
            await CopyAccountAsync(kills);
            await ForgetAccountAsync(kills);
            Say($"round {round} of {rounds}: kills so far\n{kills}");
        }
        return kills;
    }

    private async Task ForgetAsync(Business business, Person third, KillAtRandom kills)
    {
        var before = await MeetAsync(business, Meta.NewContact());
        var page = await PrivacyPage.AskAsync(system, "Erasure");
        await page.ProveAsync(business, before.Contact);
        await EndAsync(page.Request, "Completed", kills);
        var receipts = await VerifyAsync(page.Request);
        await RepeatAsync(page.Request, "Completed", receipts);

        var after = await MeetAsync(business, before.Contact, replies: 2);
        after.Subject.ShouldNotBe(before.Subject);
        after.Thread.ShouldNotBe(before.Thread);
        var rows = await AllRows.ReadAsync(system);
        rows.Between(before.Subject, after.Subject, third.Subject).Select(row => $"{row.Table} {row.Json}").ShouldBeEmpty();
        rows.Between(before.Thread, after.Subject, third.Thread).Select(row => $"{row.Table} {row.Json}").ShouldBeEmpty();
        Say("a forgotten person stands in: " + Describe(rows.Of(before.Subject)));
        Say("their thread stands in: " + Describe(rows.Of(before.Thread)));
    }

    private async Task CopyAsync(Business business, KillAtRandom kills)
    {
        var person = await MeetAsync(business, Meta.NewContact());
        var page = await PrivacyPage.AskAsync(system, "Access");
        await page.ProveAsync(business, person.Contact);
        await EndAsync(page.Request, "Delivered", kills);
        await RepeatAsync(page.Request, "Delivered", []);
        var files = await page.DownloadAsync(business, person.Contact);
        CheckFiles(files);
        Encoding.UTF8.GetString(files["data/messaging-gateway.json"]).ShouldContain(person.Contact);
        Encoding.UTF8.GetString(files["data/ai-responder.json"]).ShouldContain(Said);
        await CheckChunksAsync(page.Request);
    }

    private async Task CopyAccountAsync(KillAtRandom kills)
    {
        var business = await system.OpenBusinessAsync();
        var request = await AskAsync(business, new { kind = "Portability" });
        await EndAsync(request, "Delivered", kills);
        await RepeatAsync(request, "Delivered", []);
        using var response = await business.SendAsync(HttpMethod.Get, "data-subject-request", $"/requests/dsr_{request:N}/download");
        response.EnsureSuccessStatusCode();
        var files = PrivacyPage.Unzip(await response.Content.ReadAsByteArrayAsync(Stop));
        CheckFiles(files);
        Encoding.UTF8.GetString(files["data/identity.json"]).ShouldContain(business.Email);
        await CheckChunksAsync(request);
    }

    private async Task ForgetAccountAsync(KillAtRandom kills)
    {
        var business = await system.OpenBusinessAsync();
        var request = await AskAsync(business, new { kind = "Erasure", closeBusinesses = true });
        await EndAsync(request, "Completed", kills);
        var receipts = await VerifyAsync(request);
        await RepeatAsync(request, "Completed", receipts);
        var rows = await AllRows.ReadAsync(system);
        await using var requests = system.OpenDatabase("data-subject-request");
        var subject = (await requests.ReadAsync<Guid>("select subject_id from subject_request where request_id = $1", request)).Single();
        Say("a forgotten account stands in: " + Describe(rows.Of(subject)));
    }

    private async Task<Guid> AskAsync(Business business, object body)
    {
        var asked = await business.CallAsync(HttpMethod.Post, "data-subject-request", "/requests", body);
        return Guid.Parse(asked.GetProperty("requestId").GetString()!["dsr_".Length..]);
    }

    // The kills begin when the request does; they end with it, and then everybody has to come back.
    private async Task EndAsync(Guid request, string state, KillAtRandom kills)
    {
        await kills.RunAsync(async () => await StateAsync(request) is var now && now != state ? now : null);
        await RunningSystem.UntilAsync($"{state} after kills", async () => await StateAsync(request) == state);
        await kills.WaitForAllAsync();
    }

    /// <summary>Every service signed with its own key, and keeps the very receipt that it gave away.</summary>
    private async Task<List<string>> VerifyAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        var services = await requests.ReadAsync<string>("select service from request_task where request_id = $1 order by 1", request);
        services.ShouldBe(["ai-responder", "billing", "identity", "messaging-gateway"]);
        var receipts = await ReceiptsAsync(request);
        foreach (var (service, jws) in services.Zip(receipts))
        {
            var keys = await requests.ReadAsync<string>("select kid || ' ' || x || ' ' || y from receipt_key where service = $1", service);
            var receipt = keys.Select(key => key.Split(' '))
                .Select(key => new ReceiptKey(key[0], key[1], key[2]).Verify(jws))
                .OfType<Receipt>()
                .Single();
            (receipt.Service, receipt.RequestId.Value, receipt.Act).ShouldBe((service, request, ReceiptAct.Erased));
            await using var database = system.OpenDatabase(service);
            (await database.ReadAsync<string>("select jws from subject_receipt where request_id = $1", request)).ShouldBe([jws]);
        }
        return receipts;
    }

    /// <summary>The whole request once more, from the first question on.</summary>
    private async Task RepeatAsync(Guid request, string state, List<string> receipts)
    {
        var before = (await AllRows.ReadAsync(system)).Fingerprints(Machinery);
        await using var requests = system.OpenDatabase("data-subject-request");
        await requests.RunAsync(
            $"""
            update request_task set done_at = null where request_id = '{request}';
            update subject_request set state = 'Locating', closed_at = null where request_id = '{request}' and state = 'Delivered';
            update subject_request set state = 'Executing', closed_at = null where request_id = '{request}' and state = 'Completed';
            update request_route set next_at = timestamptz 'epoch', closed_at = null where request_id = '{request}';
            """
        );
        await RunningSystem.UntilAsync($"{state} once more", async () => await StateAsync(request) == state);
        (await ReceiptsAsync(request)).ShouldBe(receipts);
        var after = (await AllRows.ReadAsync(system)).Fingerprints(Machinery);
        after
            .Keys.Union(before.Keys, StringComparer.Ordinal)
            .Where(table => !table.StartsWith("data-subject-request", StringComparison.Ordinal))
            .Where(table => after.GetValueOrDefault(table) != before.GetValueOrDefault(table))
            .ShouldBeEmpty();
    }

    private async Task<Person> MeetAsync(Business business, string contact, int replies = 1)
    {
        await business.WriteAsync(contact, Said);
        await RunningSystem.UntilAsync(
            $"an answer to {contact}",
            async () => (await business.RepliesToAsync(contact)).Count(text => text.Contains("10:00", StringComparison.Ordinal)) >= replies
        );
        var thread = Guid.Parse((await business.NewestThreadAsync())["thr_".Length..]);
        await using var gateway = system.OpenDatabase("messaging-gateway");
        return new(contact, (await gateway.ReadAsync<Guid>("select subject from thread where id = $1", thread)).Single(), thread);
    }

    private static void CheckFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        var manifest = JsonSerializer.Deserialize<JsonElement>(files["manifest.json"]);
        var named = manifest
            .GetProperty("files")
            .EnumerateArray()
            .ToDictionary(
                file => file.GetProperty("name").GetString()!,
                file => file.GetProperty("sha256").GetString(),
                StringComparer.Ordinal
            );
        named.Keys.ShouldBe(files.Keys.Where(name => name != "manifest.json"), ignoreOrder: true);
        named.Keys.Count(name => name.StartsWith("data/", StringComparison.Ordinal)).ShouldBe(4);
        foreach (var (name, hash) in named)
            Convert.ToHexStringLower(SHA256.HashData(files[name])).ShouldBe(hash, name);
    }

    // What a broken try had written is gone.
    private async Task CheckChunksAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        const string Others = """
            select count(*) from archive_chunk c join subject_request r on r.request_id = c.request_id
            where r.request_id = $1 and c.try <> r.archive_try
            """;
        (await requests.ReadAsync<long>(Others, request)).ShouldBe([0]);
    }

    private async Task<string?> StateAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        return (await requests.ReadAsync<string>("select state from subject_request where request_id = $1", request)).SingleOrDefault();
    }

    private async Task<List<string>> ReceiptsAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        return await requests.ReadAsync<string>("select receipt from request_task where request_id = $1 order by service", request);
    }

    private static string Describe(IEnumerable<AnyRow> rows) =>
        string.Join(", ", rows.CountBy(row => row.Table, StringComparer.Ordinal).Select(table => $"{table.Key} ({table.Value})"));

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Person(string Contact, Guid Subject, Guid Thread);
}
