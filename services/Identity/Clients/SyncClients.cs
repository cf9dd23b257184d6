using Microsoft.EntityFrameworkCore;
using Npgsql;
using OpenIddict.Abstractions;
using WpAsis.Identity.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace WpAsis.Identity.Clients;

/// <summary>
/// Brings the issuer's clients in line with the code and with the secrets of the configuration: at start until it is done, then slowly,
/// so that a changed secret needs a restart and nothing else. A client without a secret or an address does not exist.
/// </summary>
internal sealed partial class SyncClients(
    IServiceScopeFactory scopes,
    IConfiguration configuration,
    IHostEnvironment environment,
    ILogger<SyncClients> logger
) : Sweeper(logger)
{
    private bool _done;

    public override int Order => 10;

    protected override TimeSpan Interval => _done ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        if (_done)
            return false;
        foreach (var client in KnownClients.All)
            await SyncAsync(client, cancellationToken);
        _done = true;
        return false;
    }

    private async Task SyncAsync(KnownClient client, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        try
        {
            await db.InTransactionAsync(
                async (_, token) =>
                {
                    // Replicas start together: one after the other.
                    await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext({"client:" + client.Id}))", token);
                    await WriteAsync(client, applications, token);
                    return true;
                },
                cancellationToken
            );
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            ClientMadeElsewhere(logger, client.Id);
        }
    }

    private async Task WriteAsync(KnownClient client, IOpenIddictApplicationManager applications, CancellationToken cancellationToken)
    {
        var secret = configuration[$"Clients:{client.Id}:Secret"];
        var address = configuration[$"Clients:{client.Id}:RedirectUri"];
        var exists =
            (!client.DevelopmentOnly || environment.IsDevelopment())
            && (client.IsPublic || !string.IsNullOrEmpty(secret))
            && (!client.ForPeople || !string.IsNullOrEmpty(address));
        var known = await applications.FindByClientIdAsync(client.Id, cancellationToken);
        if (!exists)
        {
            if (known is not null)
                await applications.DeleteAsync(known, cancellationToken);
            return;
        }

        var wanted = Describe(client, secret, address);
        if (known is null)
        {
            await applications.CreateAsync(wanted, cancellationToken);
            return;
        }
        // The hash of a secret is salted: only another secret is a change.
        if (secret is not null && !client.IsPublic && await applications.ValidateClientSecretAsync(known, secret, cancellationToken))
        {
            var stored = new OpenIddictApplicationDescriptor();
            await applications.PopulateAsync(stored, known, cancellationToken);
            wanted.ClientSecret = stored.ClientSecret;
        }
        await applications.UpdateAsync(known, wanted, cancellationToken);
    }

    private static OpenIddictApplicationDescriptor Describe(KnownClient client, string? secret, string? address)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = client.Id,
            ClientSecret = client.IsPublic ? null : secret,
            ClientType = client.IsPublic ? ClientTypes.Public : ClientTypes.Confidential,
            ConsentType = ConsentTypes.Implicit,
        };
        descriptor.Permissions.Add(Permissions.Endpoints.Token);
        foreach (var scope in client.Scopes)
            descriptor.Permissions.Add(Permissions.Prefixes.Scope + scope);
        if (!client.ForPeople)
        {
            descriptor.Permissions.Add(Permissions.GrantTypes.ClientCredentials);
            return descriptor;
        }

        descriptor.Permissions.UnionWith([
            Permissions.Endpoints.Authorization,
            Permissions.Endpoints.EndSession,
            Permissions.Endpoints.Revocation,
            Permissions.GrantTypes.AuthorizationCode,
            Permissions.GrantTypes.RefreshToken,
            Permissions.ResponseTypes.Code,
        ]);
        descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        if (client.IsPublic)
        {
            descriptor.RedirectUris.Add(new Uri(address!));
        }
        else
        {
            var origin = address!.TrimEnd('/');
            descriptor.RedirectUris.Add(new Uri(origin + "/signin-callback"));
            descriptor.PostLogoutRedirectUris.Add(new Uri(origin + "/signed-out-callback"));
        }
        return descriptor;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Client {Client} was made by another replica")]
    private static partial void ClientMadeElsewhere(ILogger logger, string client);
}
