using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.DataSubjectRequest.Tests.Requests;

/// <summary>A WhatsApp user without an account: the page, the code, the copy.</summary>
public sealed partial class ContactTests(DataSubjectRequestApplication app)
{
    private readonly TenantId _tenant = TypedId.New<TenantId>(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_made_for_who_sent_the_code_and_downloaded_once_for_each_fresh_proof()
    {
        var contact = Contact();
        app.Neighbours.Exports[("messaging-gateway", contact)] =
            """
                {"table":"contact","row":{"displayName":"Ayşe"}}
                {"table":"thread","row":{"id":"thr_1"}}
                {"table":"thread","row":{"id":"thr_2"}}
                {"rows":3}

                """.Trim() + "\n";
        var page = await AskAsync("Access");
        await ProveAsync(page, contact);
        await StateAsync(page, "Delivered");

        // The link alone shows, and does not give.
        using (var early = await PostAsync(page, "Download"))
            early.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await CodeAsync(page);
        await ProveAsync(page, Contact());
        await MarkerAsync();
        using (var foreign = await PostAsync(page, "Download"))
            foreign.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await ProveAsync(page, contact);
        await Eventually.TrueAsync(
            async () => (await GetAsync(page)).Contains("handler=Download", StringComparison.Ordinal),
            "the proof counts"
        );
        using var download = await PostAsync(page, "Download");
        download.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        var bytes = await download.Content.ReadAsByteArrayAsync(Stop);
        using (var again = await PostAsync(page, "Download"))
            again.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await CheckAsync(bytes);
    }

    [Fact]
    public async Task A_code_counts_once_and_for_half_an_hour()
    {
        var (late, first, second) = (await AskAsync("Erasure"), Contact(), Contact());
        await app.AdvanceAsync(TimeSpan.FromMinutes(31));
        await StateAsync(late, "Expired");
        await PublishAsync(late.CodeHash, first);

        var page = await AskAsync("Erasure");
        await ProveAsync(page, first);
        await StateAsync(page, "Executing");
        await ProveAsync(page, second);
        await MarkerAsync();

        (await GetAsync(late)).ShouldContain("Expired");
        var whose = await DataSubjectRequestApplication.ScalarAsync(
            app.Superuser,
            "select subject_id from subject_request where request_id = $1",
            page.Id.Value
        );
        whose.ShouldBe(first.Value);
    }

    [Fact]
    public async Task Without_the_secret_of_the_link_there_is_no_request()
    {
        var page = await AskAsync("Access");
        using var client = app.CreateClient();

        using var guessed = await client.GetAsync(new Uri($"/privacy/requests/{page.Id}?key=guessed", UriKind.Relative), Stop);
        using var without = await client.GetAsync(new Uri($"/privacy/requests/{page.Id}", UriKind.Relative), Stop);

        guessed.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        without.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // A page for people, which says nothing of a request that is there.
        var html = await guessed.Content.ReadAsStringAsync(Stop);
        html.ShouldContain("There is no such request");
        html.ShouldNotContain("data-state");
    }

    private static async Task CheckAsync(byte[] bytes)
    {
        await using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var manifest = JsonSerializer.Deserialize<JsonElement>(await ReadAsync(zip, "manifest.json"));
        foreach (var file in manifest.GetProperty("files").EnumerateArray())
        {
            var content = await ReadAsync(zip, file.GetProperty("name").GetString()!);
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(file.GetProperty("sha256").GetString());
        }
        var gateway = JsonSerializer.Deserialize<JsonElement>(await ReadAsync(zip, "data/messaging-gateway.json")).GetProperty("tables");
        gateway.GetProperty("contact")[0].GetProperty("displayName").GetString().ShouldBe("Ayşe");
        gateway.GetProperty("thread").GetArrayLength().ShouldBe(2);
        Encoding.UTF8.GetString(await ReadAsync(zip, "README.tr.txt")).ShouldContain("Kişisel Verileri Koruma Kurumu");
    }

    private static async Task<byte[]> ReadAsync(ZipArchive zip, string name)
    {
        await using var stream = await zip.GetEntry(name)!.OpenAsync(Stop);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Stop);
        return copy.ToArray();
    }

    private DataSubjectId Contact()
    {
        var contact = DataSubjectId.New();
        app.Neighbours.People[contact] = new SubjectLocation(Found: true);
        return contact;
    }

    private async Task<Link> AskAsync(string kind)
    {
        using var client = app.CreatePatientClient();
        using var form = new FormUrlEncodedContent([new("kind", kind)]);
        using var response = await client.PostAsync(new Uri("/privacy", UriKind.Relative), form, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync(Stop));
        var page = new Link(response.Headers.Location!);
        return await CodeOfAsync(page);
    }

    private async Task<Link> CodeOfAsync(Link page)
    {
        var code = CodePattern().Match(await GetAsync(page)).Value;
        page.CodeHash = ProofCode.HashOf(code)!;
        return page;
    }

    private async Task CodeAsync(Link page)
    {
        using var response = await PostAsync(page, "Code");
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await CodeOfAsync(page);
    }

    private async Task<string> GetAsync(Link page)
    {
        using var client = app.CreateClient();
        return await client.GetStringAsync(page.Address, Stop);
    }

    private async Task<HttpResponseMessage> PostAsync(Link page, string handler)
    {
        using var client = app.CreatePatientClient();
        using var nothing = new FormUrlEncodedContent([]);
        return await client.PostAsync(new Uri(page.Address + "&handler=" + handler, UriKind.Relative), nothing, Stop);
    }

    private Task ProveAsync(Link page, DataSubjectId contact) => PublishAsync(page.CodeHash, contact);

    private Task PublishAsync(string hash, DataSubjectId contact) =>
        app.Bus.PublishAsync(
            new SubjectProved
            {
                TenantId = _tenant,
                SubjectId = contact,
                ThreadId = TypedId.New<ThreadId>(app.Clock),
                CodeHash = hash,
                At = app.Clock.GetUtcNow(),
            }
        );

    // Codes are taken one after another: when this one counts, those before it were looked at.
    private async Task MarkerAsync()
    {
        var page = await AskAsync("Erasure");
        await ProveAsync(page, Contact());
        await StateAsync(page, "Executing");
    }

    private Task StateAsync(Link page, string state) =>
        Eventually.TrueAsync(
            async () => (await GetAsync(page)).Contains($"data-state=\"{state}\"", StringComparison.Ordinal),
            $"the request is {state}"
        );

    [GeneratedRegex("WPASIS [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();

    private sealed class Link(Uri address)
    {
        public Uri Address { get; } = address;

        public string CodeHash { get; set; } = "";

        public SubjectRequestId Id { get; } = SubjectRequestId.Parse(address.OriginalString.Split('/', '?')[3], null);
    }
}
