using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary>A call to the model endpoint, without the key.</summary>
internal sealed class RecordedRequest
{
    public required long Index { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>JSON as it came; of a multipart body its fields and the size of its file.</summary>
    public required JsonElement? Body { get; init; }

    public required int Bytes { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Status that was answered; null while it is being answered or when the client left before.</summary>
    public int? Status { get; set; }

    public bool AbortedByClient { get; set; }
}

/// <summary>The newest calls, bounded in number and size.</summary>
internal sealed class RecordedRequests(TimeProvider clock)
{
    private const int Kept = 20_000;
    private const long KeptBytes = 512L * 1024 * 1024;
    private static readonly string[] Secrets = ["Authorization", "api-key", "Cookie"];
    private readonly BoundedLog<RecordedRequest> _requests = new(Kept, KeptBytes, request => request.Bytes);

    public long Total => _requests.Total;

    public RecordedRequest Record(HttpRequest request, JsonElement? body, int bytes)
    {
        RecordedRequest? made = null;
        var headers = request
            .Headers.Where(header => !Secrets.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Add(index =>
            made = new RecordedRequest
            {
                Index = index,
                Method = request.Method,
                Path = request.Path + request.QueryString,
                Headers = headers,
                Body = body,
                Bytes = bytes,
                At = clock.GetUtcNow(),
            }
        );
        return made!;
    }

    public IReadOnlyList<RecordedRequest> After(long after, int limit) => _requests.After(after, limit);

    public void Clear() => _requests.Clear();
}
