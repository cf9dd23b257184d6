namespace WpAsis.Console.Apis;

/// <summary>Identity: who is signed in.</summary>
internal sealed class IdentityApi(HttpClient client)
{
    public Task<ApiResult<AccountView>> GetAccountAsync(CancellationToken cancellationToken) =>
        client.GetAsync<AccountView>("/account", cancellationToken);
}

internal sealed record AccountView(string AccountId, string? Name, string? Email, string? TenantId, IReadOnlyList<TenantView> Tenants)
{
    /// <summary>The business that the session is for; the person may belong to others.</summary>
    public TenantView? Business => Tenants.FirstOrDefault(tenant => tenant.TenantId == TenantId);

    public override string ToString() => AccountId;
}

internal sealed record TenantView(string TenantId, string Name, string Role);
