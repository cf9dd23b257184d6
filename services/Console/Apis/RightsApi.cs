namespace WpAsis.Console.Apis;

/// <summary>Data-subject requests of the person who is signed in.</summary>
internal sealed class RightsApi(HttpClient client)
{
    public Task<ApiResult<Page<RequestView>>> ListAsync(string? after, CancellationToken cancellationToken) =>
        client.GetAsync<Page<RequestView>>(
            "/requests?limit=20" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)),
            cancellationToken
        );

    public Task<ApiResult<RequestView>> SubmitAsync(RequestInput request, CancellationToken cancellationToken) =>
        client.SendAsync<RequestInput, RequestView>(HttpMethod.Post, "/requests", request, cancellationToken);

    public Task<ApiResult<RequestView>> CancelAsync(string request, CancellationToken cancellationToken) =>
        client.SendAsync<RequestView>(HttpMethod.Post, $"/requests/{Uri.EscapeDataString(request)}/cancel", cancellationToken);

    public Task<ApiResult<HttpResponseMessage>> DownloadAsync(string request, CancellationToken cancellationToken) =>
        client.DownloadAsync($"/requests/{Uri.EscapeDataString(request)}/download", cancellationToken);
}

/// <summary>What a person asks for. Does not print a name.</summary>
internal sealed record RequestInput(string Kind, string? Name = null, bool? CloseBusinesses = null)
{
    public override string ToString() => Kind;
}

internal sealed record RequestView(
    string RequestId,
    string Kind,
    string State,
    string? Reason,
    DateTimeOffset ReceivedAt,
    DateTimeOffset Deadline,
    DateTimeOffset? ClosedAt,
    bool CanCancel,
    IReadOnlyList<ServiceAnswerView>? Services,
    ArchiveView? Archive
)
{
    public bool UnderWay => State is "Verified" or "Locating" or "Executing" or "Verifying";
}

internal sealed record ServiceAnswerView(string Service, DateTimeOffset? DoneAt);

internal sealed record ArchiveView(DateTimeOffset ExpiresAt, long Bytes, int DownloadsLeft);
