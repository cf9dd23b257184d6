namespace WpAsis.Console.Apis;

/// <summary>The gateway: numbers, threads and message metadata.</summary>
internal sealed class GatewayApi(HttpClient client)
{
    private const int ThreadsOnAPage = 30;
    private const int MessagesOnAPage = 50;

    public Task<ApiResult<Page<ChannelView>>> ListChannelsAsync(CancellationToken cancellationToken) =>
        client.GetAsync<Page<ChannelView>>("/channels", cancellationToken);

    public Task<ApiResult<ChannelView>> ConnectAsync(ChannelInput number, CancellationToken cancellationToken) =>
        client.SendAsync<ChannelInput, ChannelView>(HttpMethod.Post, "/channels", number, cancellationToken);

    public Task<ApiResult<Nothing>> DisconnectAsync(string channel, CancellationToken cancellationToken) =>
        client.SendAsync<Nothing>(HttpMethod.Delete, $"/channels/{Escape(channel)}", cancellationToken);

    /// <param name="filter">A part of the query of the gateway, or nothing.</param>
    /// <param name="after">Where the page begins.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ApiResult<Page<ThreadView>>> ListThreadsAsync(string filter, string? after, CancellationToken cancellationToken) =>
        client.GetAsync<Page<ThreadView>>($"/threads?limit={ThreadsOnAPage}{filter}{After(after)}", cancellationToken);

    public Task<ApiResult<ThreadView>> GetThreadAsync(string thread, CancellationToken cancellationToken) =>
        client.GetAsync<ThreadView>($"/threads/{Escape(thread)}", cancellationToken);

    public Task<ApiResult<Page<MessageView>>> ListMessagesAsync(string thread, string? after, CancellationToken cancellationToken) =>
        client.GetAsync<Page<MessageView>>($"/messages?threadId={Escape(thread)}&limit={MessagesOnAPage}{After(after)}", cancellationToken);

    public Task<ApiResult<ModeView>> TakeOverAsync(string thread, CancellationToken cancellationToken) =>
        client.SendAsync<ModeView>(HttpMethod.Post, $"/threads/{Escape(thread)}/take-over", cancellationToken);

    public Task<ApiResult<ModeView>> ReleaseAsync(string thread, CancellationToken cancellationToken) =>
        client.SendAsync<ModeView>(HttpMethod.Post, $"/threads/{Escape(thread)}/release", cancellationToken);

    public Task<ApiResult<Nothing>> AnswerAsync(string thread, AnswerInput answer, CancellationToken cancellationToken) =>
        client.SendAsync<AnswerInput, Nothing>(HttpMethod.Post, $"/threads/{Escape(thread)}/messages", answer, cancellationToken);

    private static string After(string? cursor) => cursor is null ? "" : "&after=" + Escape(cursor);

    private static string Escape(string text) => Uri.EscapeDataString(text);
}

internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A number to connect. Does not print its token.</summary>
internal sealed record ChannelInput(string PhoneNumberId, string WabaId, string AccessToken)
{
    public override string ToString() => PhoneNumberId;
}

internal sealed record ChannelView(
    string Id,
    string PhoneNumberId,
    string WabaId,
    string? DisplayNumber,
    string? VerifiedName,
    string State,
    string? Reason,
    DateTimeOffset ConnectedAt
)
{
    public bool Connected => State != "disconnected";
}

internal sealed record ThreadView(
    string Id,
    string? ContactName,
    string Mode,
    bool OptedOut,
    bool NeedsPerson,
    DateTimeOffset WindowClosesAt,
    DateTimeOffset LastMessageAt
)
{
    public bool WithPerson => Mode == "Human";

    public override string ToString() => Id;
}

internal sealed record MessageView(
    string Id,
    string Direction,
    string Author,
    string Kind,
    DateTimeOffset SentAt,
    string? Status,
    string? ReplyId,
    int? ErrorCode,
    string? DropReason
)
{
    public bool Inbound => Direction == "inbound";
}

internal sealed record ModeView(string Mode, bool MayStillArrive);

/// <summary>An answer of a person. Does not print its words.</summary>
internal sealed record AnswerInput(string Text, Guid IdempotencyKey)
{
    public override string ToString() => IdempotencyKey.ToString();
}
