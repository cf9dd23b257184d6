using System.ClientModel;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>What an exception of a model call means to a turn.</summary>
internal enum ModelFault
{
    /// <summary>No connection, time-out, 429, 5xx, or a key that is not accepted: the turn waits.</summary>
    Away,

    /// <summary>The provider's content filter took the question (Azure: a 400): a decision, not a fault, and not repeated.</summary>
    Declined,

    /// <summary>A request it does not understand, or an error of ours.</summary>
    Broken,
}

internal static class ModelFailure
{
    private const int MaxBody = 16 * 1024;

    public static ModelFault Of(Exception error) =>
        error switch
        {
            ClientResultException { Status: 400 } refused when IsContentFilter(refused) => ModelFault.Declined,
            ClientResultException { Status: 0 or 401 or 403 or 404 or 408 or 409 or 429 or >= 500 } => ModelFault.Away,
            ClientResultException => ModelFault.Broken,
            // The caller has looked whose token fired; what is left is the network's time-out.
            OperationCanceledException or TimeoutException or HttpRequestException or IOException or SocketException => ModelFault.Away,
            AggregateException { InnerException: { } inner } => Of(inner),
            _ => ModelFault.Broken,
        };

    /// <summary>What the provider asks for, where it does.</summary>
    public static TimeSpan? RetryAfter(Exception error) =>
        error is ClientResultException result
        && result.GetRawResponse() is { } response
        && response.Headers.TryGetValue("Retry-After", out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static bool IsContentFilter(ClientResultException error)
    {
        try
        {
            if (error.GetRawResponse()?.Content is not { } body || body.ToMemory().Length > MaxBody)
                return false;
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("error", out var problem)
                && problem.TryGetProperty("code", out var code)
                && code.ValueKind is JsonValueKind.String
                && code.GetString() is "content_filter";
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
