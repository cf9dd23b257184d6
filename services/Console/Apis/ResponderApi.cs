namespace WpAsis.Console.Apis;

/// <summary>The responder: what the assistant knows about the business.</summary>
internal sealed class ResponderApi(HttpClient client)
{
    public Task<ApiResult<ProfileView>> GetProfileAsync(CancellationToken cancellationToken) =>
        client.GetAsync<ProfileView>("/profile", cancellationToken);

    public Task<ApiResult<ProfileView>> PutProfileAsync(ProfileInput profile, CancellationToken cancellationToken) =>
        client.SendAsync<ProfileInput, ProfileView>(HttpMethod.Put, "/profile", profile, cancellationToken);
}

internal sealed record ProfileInput(
    string AssistantName,
    string BusinessName,
    string Facts,
    string Tone,
    IReadOnlyList<string> Languages,
    string Scope,
    string HumanContact
);

internal sealed record ProfileView(
    string AssistantName,
    string BusinessName,
    string Facts,
    string? Tone,
    IReadOnlyList<string> Languages,
    string? Scope,
    string? HumanContact,
    int Version
);
