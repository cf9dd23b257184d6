using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace WpAsis.Console.Tests;

/// <summary>A call that the console made.</summary>
internal sealed record ApiCall(string Method, string Address, string? Token, string Body, string IfMatch);

/// <summary>The APIs behind the console: what a test gave them to say, by method and address; else 404.</summary>
internal sealed class StubApis
{
    private readonly ConcurrentDictionary<string, (HttpStatusCode Status, string Body)> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _away = new(StringComparer.Ordinal);

    public ConcurrentQueue<ApiCall> Calls { get; } = new();

    /// <summary>Answers <c>GET messaging-gateway/threads</c> and the like; a query is not part of the address.</summary>
    public void Say(string what, object body, HttpStatusCode status = HttpStatusCode.OK) =>
        _answers[what] = (status, JsonSerializer.Serialize(body, JsonSerializerOptions.Web));

    public void Refuse(string what, HttpStatusCode status, string kind) =>
        Say(what, new { type = "https://wpasis.com/problems/" + kind, status = (int)status }, status);

    /// <summary>A service can't be reached.</summary>
    public void TakeAway(params string[] services)
    {
        foreach (var service in services)
            _away[service] = true;
    }

    public IEnumerable<ApiCall> CallsTo(string address) => Calls.Where(call => call.Address.StartsWith(address, StringComparison.Ordinal));

    public DelegatingHandler Handler() => new StubHandler(this);

    // Innermost: nothing leaves the process.
    private sealed class StubHandler(StubApis apis) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!.Host + request.RequestUri.PathAndQuery;
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            apis.Calls.Enqueue(
                new(request.Method.Method, address, request.Headers.Authorization?.Parameter, body, request.Headers.IfMatch.ToString())
            );
            if (apis._away.ContainsKey(request.RequestUri.Host))
                throw new HttpRequestException("away");
            var (status, text) = apis._answers.GetValueOrDefault(
                $"{request.Method.Method} {request.RequestUri.Host}{request.RequestUri.AbsolutePath}",
                (HttpStatusCode.NotFound, "{}")
            );
            var answer = new HttpResponseMessage(status) { RequestMessage = request };
            if (status is not HttpStatusCode.NoContent)
                answer.Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            return answer;
        }
    }
}
