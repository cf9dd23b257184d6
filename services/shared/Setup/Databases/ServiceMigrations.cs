using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.AiResponder.Data;
using WpAsis.Billing.Data;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Identity.Data;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Setup.Databases;

/// <summary>Which context migrates which service's database: one line per service.</summary>
public static class ServiceMigrations
{
    private static readonly Dictionary<string, Func<string, DbContext>> Contexts = new(StringComparer.Ordinal)
    {
        ["identity"] = connection => new IdentityDbContext(PostgresExtensions.Options<IdentityDbContext>(connection)),
        ["messaging-gateway"] = connection => new GatewayDbContext(PostgresExtensions.Options<GatewayDbContext>(connection)),
        ["ai-responder"] = connection => new ResponderDbContext(PostgresExtensions.Options<ResponderDbContext>(connection)),
        ["billing"] = connection => new BillingDbContext(PostgresExtensions.Options<BillingDbContext>(connection)),
        ["data-subject-request"] = connection => new DataSubjectRequestDbContext(
            PostgresExtensions.Options<DataSubjectRequestDbContext>(connection)
        ),
    };

    /// <summary>Changes whenever the service's code does: databases copied from a template of other migrations would mislead.</summary>
    public static string Version(string service)
    {
        if (!Contexts.TryGetValue(service, out var create))
            return "empty";
        using var context = create("Host=localhost;Database=version");
        return context.GetType().Module.ModuleVersionId.ToString("N")[..12];
    }

    internal static async Task ApplyAsync(string service, string ownerConnection, CancellationToken stop)
    {
        if (!Contexts.TryGetValue(service, out var create))
            return;
        var settings = new NpgsqlConnectionStringBuilder(ownerConnection) { Pooling = false, CommandTimeout = 600 };
        await using var context = create(settings.ConnectionString);
        await context.Database.MigrateAsync(stop);
    }
}
