using System.Net;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.DataSubjectRequest.Neighbours;

/// <summary>The services that hold persons, asked over HTTP with a token for each.</summary>
internal sealed class AskServices(IHttpClientFactory clients)
{
    /// <summary>Everybody who answers a request, in the order in which an archive lists them.</summary>
    public static IReadOnlyList<string> All { get; } = ["identity", "messaging-gateway", "ai-responder", "billing"];

    /// <summary>Whether the person is there, asked of the service that knows such persons.</summary>
    public Task<SubjectLocation> LocateAsync(SubjectRequest request, CancellationToken cancellationToken) =>
        LocateAsync(request.SubjectKind, request.SubjectId!.Value, request.TenantId, cancellationToken);

    /// <summary>The same before there is a request.</summary>
    public Task<SubjectLocation> LocateAsync(
        SubjectKind kind,
        DataSubjectId subject,
        TenantId? tenant,
        CancellationToken cancellationToken
    ) =>
        PostAsync<SubjectQuery, SubjectLocation>(OwnerOf(kind), "/internal/subjects/locate", new(subject, kind, tenant), cancellationToken);

    /// <summary>Corrects the name where it is kept.</summary>
    public async Task<long?> RectifyAsync(SubjectRequest request, string name, CancellationToken cancellationToken)
    {
        var body = new RectifyBody(request.SubjectId!.Value, request.TenantId, name);
        using var client = clients.CreateClient(OwnerOf(request.SubjectKind));
        using var response = await client.PostAsJsonAsync("/internal/subjects/rectify", body, Json.Options, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<RectifiedProfile>(Json.Options, cancellationToken))!.Version;
    }

    /// <summary>What a service holds, as a stream of lines; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> ExportAsync(string service, SubjectRequest request, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(service);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri("/internal/subjects/export", UriKind.Relative));
        message.Content = JsonContent.Create(QueryOf(request), options: Json.Options);
        var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            return response.EnsureSuccessStatusCode();
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The key with which a service signs its receipts now.</summary>
    public Task<ReceiptKey> ReceiptKeyAsync(string service, CancellationToken cancellationToken) =>
        GetAsync<ReceiptKey>(service, "/internal/subjects/receipt-key", cancellationToken);

    /// <summary>A business's name and number as WhatsApp shows them; none for a number that is not connected.</summary>
    public async Task<BusinessNumber?> NumberAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient("messaging-gateway");
        using var response = await client.GetAsync(new Uri($"/internal/subjects/numbers/{channel}", UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<BusinessNumber>(Json.Options, cancellationToken)
            : null;
    }

    private static SubjectQuery QueryOf(SubjectRequest request) => new(request.SubjectId!.Value, request.SubjectKind, request.TenantId);

    private static string OwnerOf(SubjectKind kind) => kind is SubjectKind.Account ? "identity" : "messaging-gateway";

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(string service, string path, TBody body, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(service);
        using var response = await client.PostAsJsonAsync(path, body, Json.Options, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<TAnswer>(Json.Options, cancellationToken))!;
    }

    private async Task<TAnswer> GetAsync<TAnswer>(string service, string path, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(service);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<TAnswer>(Json.Options, cancellationToken))!;
    }

    private sealed record RectifyBody(DataSubjectId SubjectId, TenantId? TenantId, string Name)
    {
        public override string ToString() => nameof(RectifyBody);
    }
}

/// <summary>A business as everybody sees it in WhatsApp.</summary>
internal sealed record BusinessNumber(string Name, string Number);
