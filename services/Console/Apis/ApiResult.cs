using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace WpAsis.Console.Apis;

/// <summary>What an API said: a value, or a problem that a person can be shown.</summary>
/// <param name="Value">Present when it went well.</param>
/// <param name="Problem">Present when it did not.</param>
internal sealed record ApiResult<T>(T? Value, ValidationProblemDetails? Problem)
    where T : class
{
    public bool Ok => Problem is null;
}

/// <summary>Reads answers; an API that is away is a problem, not an exception in the reader's face.</summary>
internal static class ApiResults
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Task<ApiResult<T>> GetAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken)
        where T : class => ReadAsync<T>(() => client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken), cancellationToken);

    public static Task<ApiResult<TAnswer>> SendAsync<TBody, TAnswer>(
        this HttpClient client,
        HttpMethod method,
        string path,
        TBody body,
        CancellationToken cancellationToken
    )
        where TAnswer : class =>
        ReadAsync<TAnswer>(
            async () =>
            {
                using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
                {
                    Content = JsonContent.Create(body, options: Json),
                };
                return await client.SendAsync(request, cancellationToken);
            },
            cancellationToken
        );

    private static async Task<ApiResult<T>> ReadAsync<T>(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await send();
            if (response.StatusCode == HttpStatusCode.NotFound)
                return new(null, null);
            if (response.IsSuccessStatusCode)
                return new(await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken), null);
            return new(null, await ProblemAsync(response, cancellationToken));
        }
#pragma warning disable CA1031 // Whatever kept the answer away (network, time-out, open circuit): the reader is told to try again.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(null, new ValidationProblemDetails { Status = StatusCodes.Status503ServiceUnavailable });
        }
    }

    private static async Task<ValidationProblemDetails> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
            return await response.Content.ReadFromJsonAsync<ValidationProblemDetails>(Json, cancellationToken) ?? new();
        return new ValidationProblemDetails { Status = (int)response.StatusCode };
    }
}
