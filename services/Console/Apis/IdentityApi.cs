namespace WpAsis.Console.Apis;

/// <summary>Identity: who is signed in.</summary>
internal sealed class IdentityApi(HttpClient client)
{
    public Task<ApiResult<AccountView>> GetAccountAsync(CancellationToken cancellationToken) =>
        client.GetAsync<AccountView>("/account", cancellationToken);
}

internal sealed record AccountView(string AccountId, string? Name, string? Email, IReadOnlyList<TenantView> Tenants);

internal sealed record TenantView(string TenantId, string Name, string Role);
