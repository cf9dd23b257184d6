using System.IO.Compression;
using System.Text.RegularExpressions;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>The page on which a person without an account follows a request of theirs.</summary>
internal sealed partial class PrivacyPage
{
    private readonly RunningSystem _system;
    private readonly string _address;

    private PrivacyPage(RunningSystem system, string address) => (_system, _address) = (system, address);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The request, as it stands in a column.</summary>
    public Guid Request => Guid.Parse(IdPattern().Match(_address).ValueSpan["dsr_".Length..]);

    /// <summary>Asks for <c>Access</c>, <c>Portability</c> or <c>Erasure</c>.</summary>
    public static async Task<PrivacyPage> AskAsync(RunningSystem system, string kind)
    {
        var service = system.Run.Services["data-subject-request"].Url;
        using var form = new FormUrlEncodedContent([new("kind", kind)]);
        using var response = await system.Http.PostAsync(service + "/privacy", form, Stop);
        return new(system, service + response.Headers.Location!.OriginalString);
    }

    public Task<string> ReadAsync() => _system.Http.GetStringAsync(_address, Stop);

    /// <summary>The person sends the code that the page shows.</summary>
    public async Task ProveAsync(Business business, string contact) =>
        await business.WriteAsync(contact, CodePattern().Match(await ReadAsync()).Value);

    public Task WaitForAsync(string state) =>
        RunningSystem.UntilAsync(state, async () => (await ReadAsync()).Contains($"data-state=\"{state}\"", StringComparison.Ordinal));

    /// <summary>Proves anew and takes the copy: its files by their names.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> DownloadAsync(Business business, string contact)
    {
        (await PostAsync("Code")).Dispose();
        await ProveAsync(business, contact);
        await RunningSystem.UntilAsync("the proof", async () => (await ReadAsync()).Contains("handler=Download", StringComparison.Ordinal));
        using var response = await PostAsync("Download");
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/zip");
        return Unzip(await response.Content.ReadAsByteArrayAsync(Stop));
    }

    /// <summary>The files of a copy.</summary>
    public static IReadOnlyDictionary<string, byte[]> Unzip(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var file = entry.Open();
                using var all = new MemoryStream();
                file.CopyTo(all);
                return all.ToArray();
            },
            StringComparer.Ordinal
        );
    }

    private async Task<HttpResponseMessage> PostAsync(string handler)
    {
        using var nothing = new FormUrlEncodedContent([]);
        var response = await _system.Http.PostAsync($"{_address}&handler={handler}", nothing, Stop);
        ((int)response.StatusCode).ShouldBeLessThan(400);
        return response;
    }

    [GeneratedRegex("WPASIS [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();

    [GeneratedRegex("dsr_[0-9a-f-]{32,36}", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}
