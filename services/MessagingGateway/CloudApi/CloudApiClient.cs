using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>A business number and the token that speaks for it. Prints the number's id only.</summary>
internal sealed class GraphAccess(string phoneNumberId, string accessToken)
{
    /// <summary>Meta's id of the number.</summary>
    public string PhoneNumberId { get; } = phoneNumberId;

    internal AuthenticationHeaderValue Bearer { get; } = new("Bearer", accessToken);

    /// <summary>The number's id.</summary>
    public override string ToString() => PhoneNumberId;
}

/// <summary>
/// Meta's Graph API. One call is one attempt: who retries, when and whether at all is decided by rows, never in here.
/// </summary>
internal sealed partial class CloudApiClient(IHttpClientFactory clients, GraphSettings graph, TimeProvider clock)
{
    /// <summary>Named client without retries, redirects and logs.</summary>
    public const string ClientName = "graph";

    /// <summary>Sends one message, once.</summary>
    public async Task<GraphAnswer> SendAsync(GraphAccess access, GraphMessage message, CancellationToken cancellationToken)
    {
        using var body = new ObservedContent(message.ToJson());
        using var request = Post(access, $"{access.PhoneNumberId}/messages", body);
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return GraphAnswer.Read((int)response.StatusCode, bytes, RetryAfter(response));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // Whatever the exception says: without a first byte of the body nothing can have been accepted.
            return body.Began ? GraphAnswer.Unknown : GraphAnswer.NotSent;
        }
    }

    /// <summary>Marks a contact's message (and those before it) read, and shows that somebody types. True when Graph took it.</summary>
    public async Task<bool> MarkReadAsync(GraphAccess access, Wamid wamid, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                messaging_product = "whatsapp",
                status = "read",
                message_id = wamid.Reveal(),
                typing_indicator = new { type = "text" },
            }
        );
        using var body = new ObservedContent(json);
        using var request = Post(access, $"{access.PhoneNumberId}/messages", body);
        using var client = clients.CreateClient(ClientName);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private HttpRequestMessage Post(GraphAccess access, string path, HttpContent? body) =>
        new(HttpMethod.Post, graph.At(path)) { Content = body, Headers = { Authorization = access.Bearer } };

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>A JSON body that remembers whether any of it was handed to a connection.</summary>
    private sealed class ObservedContent : HttpContent
    {
        private readonly byte[] _body;

        public ObservedContent(byte[] body)
        {
            _body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public bool Began { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            Began = true;
            return stream.WriteAsync(_body, cancellationToken).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
