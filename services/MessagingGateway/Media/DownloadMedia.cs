using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Media;

/// <summary>Where Meta keeps a file, for five minutes. Does not print the address: it is personal.</summary>
internal sealed class MediaAddress(Uri url, string? mimeType, string? sha256, long? bytes)
{
    public Uri Url { get; } = url;

    public string? MimeType { get; } = mimeType;

    public string? Sha256 { get; } = sha256;

    public long? Bytes { get; } = bytes;
}

/// <summary>Why a file can't be had.</summary>
internal enum MediaTrouble
{
    None,

    /// <summary>Meta has it no more.</summary>
    Gone,

    /// <summary>Larger than is passed on.</summary>
    TooLarge,

    /// <summary>Meta named an address that is not Meta's.</summary>
    ForeignHost,

    /// <summary>Meta does not answer, or refuses.</summary>
    Away,
}

/// <summary>Asks Meta where a file is, then for the file itself. Only Meta's hosts see the token; no redirect is followed.</summary>
internal sealed class DownloadMedia(IHttpClientFactory clients, GraphSettings graph)
{
    /// <summary>Named client: one attempt, no logs.</summary>
    public const string ClientName = "graph-media";

    /// <summary>Largest file that is passed on.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private const int MaxAnswer = 64 * 1024;

    /// <summary>Where the file is.</summary>
    public async Task<(MediaAddress? Address, MediaTrouble Trouble)> FindAsync(
        GraphAccess access,
        string mediaId,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, graph.At(Uri.EscapeDataString(mediaId)))
        {
            Headers = { Authorization = access.Bearer },
        };
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.Content.Headers.ContentLength > MaxAnswer)
                return (null, MediaTrouble.Away);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                return (
                    null,
                    response.StatusCode is HttpStatusCode.NotFound || GraphAnswer.CodeOf(body) == 100
                        ? MediaTrouble.Gone
                        : MediaTrouble.Away
                );
            return Read(body);
        }
        catch (Exception error) when (IsTrouble(error, cancellationToken))
        {
            return (null, MediaTrouble.Away);
        }
    }

    /// <summary>The file; the caller disposes the answer.</summary>
    public async Task<(HttpResponseMessage? Response, MediaTrouble Trouble)> OpenAsync(
        GraphAccess access,
        MediaAddress address,
        CancellationToken cancellationToken
    )
    {
        // An address of another host is refused before anything leaves; the token least of all.
        if (!graph.MayDownloadFrom(address.Url))
            return (null, MediaTrouble.ForeignHost);
        if (address.Bytes > MaxBytes)
            return (null, MediaTrouble.TooLarge);
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Url)
        {
            Headers = { Authorization = access.Bearer, UserAgent = { new ProductInfoHeaderValue("WpAsis", "1.0") } },
        };
        var client = clients.CreateClient(ClientName);
        try
        {
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is HttpStatusCode.OK)
                return (response, MediaTrouble.None);
            response.Dispose();
            return (null, response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? MediaTrouble.Gone : MediaTrouble.Away);
        }
        catch (Exception error) when (IsTrouble(error, cancellationToken))
        {
            return (null, MediaTrouble.Away);
        }
    }

    private static bool IsTrouble(Exception error, CancellationToken callers) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !callers.IsCancellationRequested);

    private static (MediaAddress? Address, MediaTrouble Trouble) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Text(json.RootElement, "url") is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address)
                ? (
                    new(address, Text(json.RootElement, "mime_type"), Text(json.RootElement, "sha256"), Size(json.RootElement)),
                    MediaTrouble.None
                )
                : (null, MediaTrouble.Away);
        }
        catch (JsonException)
        {
            return (null, MediaTrouble.Away);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // Meta writes it as a number, and has written it as a text.
    private static long? Size(JsonElement root) =>
        root.TryGetProperty("file_size", out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetInt64(out var size) => size,
                JsonValueKind.String when long.TryParse(value.GetString(), out var size) => size,
                _ => null,
            }
            : null;
}
