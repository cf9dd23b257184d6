namespace WpAsis.Console.Apis;

/// <summary>The responder: what the assistant knows about the business, and what was said while it can still be opened.</summary>
internal sealed class ResponderApi(HttpClient client)
{
    public Task<ApiResult<ProfileView>> GetProfileAsync(CancellationToken cancellationToken) =>
        client.GetAsync<ProfileView>("/profile", cancellationToken);

    /// <param name="profile">The whole of it: what is left out is empty from then on.</param>
    /// <param name="version">The version that was edited; a newer one is not written over. None before the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ApiResult<ProfileView>> PutProfileAsync(ProfileInput profile, int version, CancellationToken cancellationToken) =>
        client.SendAsync<ProfileInput, ProfileView>(HttpMethod.Put, "/profile", profile, cancellationToken, ifMatch: $"\"{version}\"");

    /// <summary>Every call is written down with the account and the time.</summary>
    public Task<ApiResult<ContentView>> OpenContentAsync(string thread, CancellationToken cancellationToken) =>
        client.GetAsync<ContentView>($"/threads/{Uri.EscapeDataString(thread)}/content", cancellationToken);
}

internal sealed record ProfileInput(
    string AssistantName,
    string BusinessName,
    string Facts,
    string Tone,
    IReadOnlyList<string> Languages,
    string Scope,
    string HumanContact,
    string? Disclosure,
    string? DeniedText
);

internal sealed record ProfileView(
    string AssistantName,
    string BusinessName,
    string Facts,
    string? Tone,
    IReadOnlyList<string> Languages,
    string? Scope,
    string? HumanContact,
    string? Disclosure,
    string? DeniedText,
    int Version
);

internal sealed record ContentView(IReadOnlyList<SaidView> Items);

/// <summary>What was said, under the id of its message or of its reply. Does not print itself.</summary>
internal sealed record SaidView(string? MessageId, string? ReplyId, string State, string? Text)
{
    public override string ToString() => MessageId ?? ReplyId ?? "";
}
