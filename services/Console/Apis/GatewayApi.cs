namespace WpAsis.Console.Apis;

/// <summary>The gateway: numbers and message metadata.</summary>
internal sealed class GatewayApi(HttpClient client)
{
    public const int PageSize = 50;

    public Task<ApiResult<Page<ChannelView>>> ListChannelsAsync(CancellationToken cancellationToken) =>
        client.GetAsync<Page<ChannelView>>("/channels", cancellationToken);

    public Task<ApiResult<Page<MessageView>>> ListMessagesAsync(string? after, CancellationToken cancellationToken) =>
        client.GetAsync<Page<MessageView>>(
            $"/messages?limit={PageSize}" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)),
            cancellationToken
        );
}

internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record ChannelView(string Id, string PhoneNumberId, string? DisplayNumber, string? VerifiedName, string State);

internal sealed record MessageView(
    string Id,
    string ThreadId,
    string Direction,
    string Kind,
    DateTimeOffset SentAt,
    DateTimeOffset ReceivedAt,
    string? Status
);
