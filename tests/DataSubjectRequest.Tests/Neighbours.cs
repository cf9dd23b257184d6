using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.DataSubjectRequest.Tests;

/// <summary>The other services as this one sees them: who is there, what they hold, with which key they sign.</summary>
internal sealed class Neighbours(string folder, TimeProvider clock) : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, ReceiptSigner> _signers = new(StringComparer.Ordinal);

    /// <summary>Persons who are there.</summary>
    public ConcurrentDictionary<DataSubjectId, SubjectLocation> People { get; } = new();

    /// <summary>What a service answers to an export; a service without an entry holds nothing.</summary>
    public ConcurrentDictionary<(string Service, DataSubjectId Subject), string> Exports { get; } = new();

    public ConcurrentBag<string> Rectified { get; } = [];

    /// <summary>A receipt as the service would sign it.</summary>
    public string Sign(string service, SubjectRequestId request, ReceiptAct act = ReceiptAct.Erased, string? signedBy = null) =>
        SignerOf(signedBy ?? service)
            .Sign(
                new Receipt
                {
                    Service = service,
                    RequestId = request,
                    Act = act,
                    At = clock.GetUtcNow(),
                    Plan = "plan",
                    Rows = new Dictionary<string, int>(StringComparer.Ordinal) { ["contact"] = 1 },
                }
            );

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var service = request.RequestUri!.Host;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        return request.RequestUri.AbsolutePath switch
        {
            "/connect/token" => Answer("""{"access_token":"x","expires_in":600}"""),
            "/internal/revoked-sessions" => Answer("""{"items":[]}"""),
            "/internal/subjects/receipt-key" => Answer(JsonSerializer.Serialize(SignerOf(service).PublicKey, Json.Options)),
            "/internal/subjects/locate" => Answer(
                JsonSerializer.Serialize(People.GetValueOrDefault(Query(body).SubjectId, new SubjectLocation(false)), Json.Options)
            ),
            "/internal/subjects/export" => Answer(Exports.GetValueOrDefault((service, Query(body).SubjectId), """{"rows":0}""" + "\n")),
            "/internal/subjects/rectify" => Rectify(body),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private HttpResponseMessage Rectify(string body)
    {
        Rectified.Add(body);
        return Answer("""{"version":2}""");
    }

    private static SubjectQuery Query(string body) => JsonSerializer.Deserialize<SubjectQuery>(body, Json.Options)!;

    private ReceiptSigner SignerOf(string service) =>
        _signers.GetOrAdd(service, name => new ReceiptSigner(new FileKeyRing(Path.Combine(folder, name), clock)));

    private static HttpResponseMessage Answer(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
