using System.Text.Json;

namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>A business number as Meta shows it.</summary>
/// <param name="PhoneNumberId">Meta's id.</param>
/// <param name="DisplayNumber">As people write it.</param>
/// <param name="VerifiedName">The name contacts see.</param>
internal sealed record GraphNumber(string PhoneNumberId, string DisplayNumber, string VerifiedName);

/// <summary>What came of a question about a number.</summary>
/// <param name="Verdict">Accepted when Graph answered the question.</param>
/// <param name="Number">The number; none when it is not there.</param>
/// <param name="Code">Graph's code of a refusal.</param>
internal sealed record GraphNumberAnswer(GraphVerdict Verdict, GraphNumber? Number, int? Code);

internal sealed partial class CloudApiClient
{
    private const string NumberFields = "id,display_phone_number,verified_name";
    private const int MaxPages = 20;

    /// <summary>Looks for a number among those of a WhatsApp business account, as the token sees it.</summary>
    public async Task<GraphNumberAnswer> FindNumberAsync(GraphAccess access, string wabaId, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var cursor = after is null ? "" : "&after=" + Uri.EscapeDataString(after);
            var answer = await AskAsync(access, $"{wabaId}/phone_numbers?fields={NumberFields}&limit=100{cursor}", cancellationToken);
            if (answer.Body is not { } body)
                return new(answer.Verdict, null, answer.Code);
            using (body)
            {
                foreach (var item in Items(body.RootElement))
                {
                    if (Text(item, "id") == access.PhoneNumberId)
                        return new(GraphVerdict.Accepted, Describe(item), null);
                }
                after = NextCursor(body.RootElement);
            }
            if (after is null)
                break;
        }
        return new(GraphVerdict.Accepted, null, null);
    }

    /// <summary>Asks for the number itself: the probe that tells whether its token works.</summary>
    public async Task<GraphNumberAnswer> ReadNumberAsync(GraphAccess access, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(access, $"{access.PhoneNumberId}?fields={NumberFields}", cancellationToken);
        if (answer.Body is not { } body)
            return new(answer.Verdict, null, answer.Code);
        using (body)
            return new(GraphVerdict.Accepted, Describe(body.RootElement), null);
    }

    /// <summary>Subscribes our app to the webhooks of a business account.</summary>
    public async Task<GraphNumberAnswer> SubscribeAsync(GraphAccess access, string wabaId, CancellationToken cancellationToken)
    {
        using var request = Post(access, $"{wabaId}/subscribed_apps", body: null);
        var answer = await ReadAsync(request, cancellationToken);
        answer.Body?.Dispose();
        return new(answer.Verdict, null, answer.Code);
    }

    private async Task<Answer> AskAsync(GraphAccess access, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, graph.At(path)) { Headers = { Authorization = access.Bearer } };
        return await ReadAsync(request, cancellationToken);
    }

    private async Task<Answer> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var code = GraphAnswer.CodeOf(bytes);
            if (response.IsSuccessStatusCode && code is null)
                return new(GraphVerdict.Accepted, JsonDocument.Parse(bytes), null);
            return new(GraphError.Decide((int)response.StatusCode, code), null, code);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException || IsTimeout(error, cancellationToken))
        {
            return new(GraphVerdict.RetryMessage, null, null);
        }
    }

    private static bool IsTimeout(Exception error, CancellationToken callers) =>
        error is OperationCanceledException && !callers.IsCancellationRequested;

    private static JsonElement.ArrayEnumerator Items(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray()
            : default;

    private static string? NextCursor(JsonElement root) =>
        root.TryGetProperty("paging", out var paging)
        && paging.ValueKind == JsonValueKind.Object
        && paging.TryGetProperty("next", out _)
        && paging.TryGetProperty("cursors", out var cursors)
            ? Text(cursors, "after")
            : null;

    private static GraphNumber Describe(JsonElement item) =>
        new(Text(item, "id") ?? "", Text(item, "display_phone_number") ?? "", Text(item, "verified_name") ?? "");

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private sealed record Answer(GraphVerdict Verdict, JsonDocument? Body, int? Code);
}
