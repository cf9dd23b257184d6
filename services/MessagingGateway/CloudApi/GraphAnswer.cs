using System.Text.Json;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>What came of a send.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="HttpStatus">The HTTP status; none when no answer came.</param>
/// <param name="Code">Graph's code; none without Graph's error body.</param>
internal sealed record GraphAnswer(GraphVerdict Verdict, int? HttpStatus, int? Code)
{
    /// <summary>Meta's id of the accepted message.</summary>
    public Wamid? Wamid { get; init; }

    /// <summary>How long Graph asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing left this machine: no connection, or none in time.</summary>
    public static GraphAnswer NotSent { get; } = new(GraphVerdict.RetryMessage, null, null);

    /// <summary>Something left and nothing certain came back.</summary>
    public static GraphAnswer Unknown { get; } = new(GraphVerdict.OutcomeUnknown, null, null);

    /// <summary>Reads an answer to a send.</summary>
    public static GraphAnswer Read(int httpStatus, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        var (code, wamid) = Parse(body);
        if (code is null && httpStatus is >= 200 and <= 299 && wamid is { } id)
            return new(GraphVerdict.Accepted, httpStatus, null) { Wamid = id };
        return new(GraphError.Decide(httpStatus, code), httpStatus, code) { RetryAfter = retryAfter };
    }

    /// <summary>The code of Graph's error body; none when the body is something else.</summary>
    public static int? CodeOf(ReadOnlyMemory<byte> body) => Parse(body).Code;

    private static (int? Code, Wamid? Wamid) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return default;
            if (json.RootElement.TryGetProperty("error", out var error))
                return (CodeOf(error), null);
            if (
                json.RootElement.TryGetProperty("messages", out var messages)
                && messages.ValueKind == JsonValueKind.Array
                && messages.GetArrayLength() > 0
                && messages[0].ValueKind == JsonValueKind.Object
                && messages[0].TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String
                && Privacy.Values.Wamid.TryParse(id.GetString(), out var wamid)
            )
                return (null, wamid);
        }
        catch (JsonException)
        {
            // A proxy's page.
        }
        return default;
    }

    private static int? CodeOf(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("code", out var code)
        && code.ValueKind == JsonValueKind.Number
        && code.TryGetInt32(out var number)
            ? number
            : null;
}
