using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.DataSubjectRequest.Tests;

/// <summary>A signed-in person who is there.</summary>
internal sealed class Person
{
    private readonly DataSubjectRequestApplication _app;

    public Person(DataSubjectRequestApplication app, bool isLastOwner = false)
    {
        _app = app;
        app.Neighbours.People[Subject] = new SubjectLocation(Found: true, isLastOwner);
    }

    public DataSubjectId Subject { get; } = DataSubjectId.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<SubjectRequestId> AskAsync(string body)
    {
        using var response = await PostAsync("/requests", body);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("requestId").Deserialize<SubjectRequestId>();
    }

    public async Task<JsonElement> GetAsync(SubjectRequestId id)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/requests/{id}");
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Stop));
    }

    public async Task<string?> StateAsync(SubjectRequestId id) => (await GetAsync(id)).GetProperty("state").GetString();

    public Task<HttpResponseMessage> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, TimeSpan signedInBefore = default)
    {
        using var client = _app.CreateClient();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _app.Person(Subject, signedInBefore));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request, Stop);
    }
}
