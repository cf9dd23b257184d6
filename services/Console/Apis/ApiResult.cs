using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpAsis.Console.Apis;

/// <summary>What an API said: a value, or a problem that a person can be shown.</summary>
/// <param name="Value">Present when it went well and there is something to say.</param>
/// <param name="Problem">Present when it did not.</param>
internal sealed record ApiResult<T>(T? Value, ApiProblem? Problem)
    where T : class
{
    public bool Ok => Problem is null;

    /// <summary>There is no such thing, or it is somebody else's.</summary>
    public bool Missing => Problem?.Status == StatusCodes.Status404NotFound;
}

/// <summary>A problem by its stable kind, which the texts know, and the fields that are not as they should be.</summary>
internal sealed record ApiProblem(int Status, string Kind, IReadOnlyDictionary<string, string[]> Errors)
{
    private static readonly Dictionary<string, string[]> None = new(StringComparer.Ordinal);

    /// <summary>The API did not answer.</summary>
    public static ApiProblem Away { get; } = Of(StatusCodes.Status503ServiceUnavailable);

    public static ApiProblem Of(int status, string kind = "") => new(status, kind, None);
}

/// <summary>An answer without a body.</summary>
internal sealed record Nothing;

/// <summary>Reads answers; an API that is away is a problem, not an exception in the reader's face.</summary>
internal static class ApiResults
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Task<ApiResult<T>> GetAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken)
        where T : class => ReadAsync<T>(() => client.GetAsync(Relative(path), cancellationToken), cancellationToken);

    public static Task<ApiResult<TAnswer>> SendAsync<TBody, TAnswer>(
        this HttpClient client,
        HttpMethod method,
        string path,
        TBody body,
        CancellationToken cancellationToken,
        string? ifMatch = null
    )
        where TAnswer : class =>
        ReadAsync<TAnswer>(
            async () =>
            {
                using var request = new HttpRequestMessage(method, Relative(path)) { Content = JsonContent.Create(body, options: Json) };
                if (ifMatch is not null)
                    request.Headers.IfMatch.ParseAdd(ifMatch);
                return await client.SendAsync(request, cancellationToken);
            },
            cancellationToken
        );

    public static Task<ApiResult<TAnswer>> SendAsync<TAnswer>(
        this HttpClient client,
        HttpMethod method,
        string path,
        CancellationToken cancellationToken
    )
        where TAnswer : class =>
        ReadAsync<TAnswer>(
            async () =>
            {
                using var request = new HttpRequestMessage(method, Relative(path));
                return await client.SendAsync(request, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>A file, as it streams in; the caller disposes of it.</summary>
    public static async Task<ApiResult<HttpResponseMessage>> DownloadAsync(
        this HttpClient client,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await client.GetAsync(Relative(path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return new(response, null);
            using (response)
                return new(null, await ProblemAsync(response, cancellationToken));
        }
#pragma warning disable CA1031 // As above: whatever kept it away.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(null, ApiProblem.Away);
        }
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task<ApiResult<T>> ReadAsync<T>(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await send();
            if (!response.IsSuccessStatusCode)
                return new(null, await ProblemAsync(response, cancellationToken));
            if (typeof(T) == typeof(Nothing) || response.StatusCode is HttpStatusCode.NoContent)
                return new(null, null);
            return new(await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken), null);
        }
#pragma warning disable CA1031 // Whatever kept the answer away (network, time-out, open circuit): the reader is told to try again.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(null, ApiProblem.Away);
        }
    }

    private static async Task<ApiProblem> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
            return ApiProblem.Of(status);
        var problem = await response.Content.ReadFromJsonAsync<ProblemBody>(Json, cancellationToken);
        var kind = problem?.Type?[(problem.Type.LastIndexOf('/') + 1)..] ?? "";
        return problem?.Errors is { } errors ? new(status, kind, errors) : ApiProblem.Of(status, kind);
    }

    private sealed record ProblemBody(string? Type, Dictionary<string, string[]>? Errors);
}
