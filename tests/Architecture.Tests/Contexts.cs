using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Billing.Data;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Identity.Data;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Architecture.Tests;

internal static class Contexts
{
    public static DbContext Open(string service, string connectionString) =>
        service switch
        {
            "identity" => new IdentityDbContext(PostgresExtensions.Options<IdentityDbContext>(connectionString)),
            "messaging-gateway" => new GatewayDbContext(PostgresExtensions.Options<GatewayDbContext>(connectionString)),
            "ai-responder" => new ResponderDbContext(PostgresExtensions.Options<ResponderDbContext>(connectionString)),
            "billing" => new BillingDbContext(PostgresExtensions.Options<BillingDbContext>(connectionString)),
            "data-subject-request" => new DataSubjectRequestDbContext(
                PostgresExtensions.Options<DataSubjectRequestDbContext>(connectionString)
            ),
            _ => throw new ArgumentException($"'{service}' has no database.", nameof(service)),
        };
}
