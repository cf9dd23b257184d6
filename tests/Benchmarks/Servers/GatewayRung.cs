using System.Text;
using Npgsql;
using WpAsis.AppHost.Native.Servers;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.Setup.Bus;
using WpAsis.Setup.Databases;

namespace WpAsis.Benchmarks.Servers;

/// <summary>
/// The gateway as it is: its own program, its four roles with row-level security, its key rings, its bus user, the database as Setup makes
/// it. Only the door is plain HTTP, as at all rungs.
/// </summary>
internal sealed class GatewayRung(LadderServers servers, TimeProvider clock)
{
    public const string PhoneNumberId = "106540352242922";
    public const string WabaId = "102290129340398";
    private const string Service = "messaging-gateway";
    private const string Template = "ladder_gateway_template";
    private const string Database = "ladder_gateway";

    /// <summary>Makes the template, the bus user and the keys' folder; once.</summary>
    public async Task SetUpAsync(CancellationToken stop)
    {
        await PrepareDatabase.RunAsync(servers.Superuser, Describe(Template), stop);
        using var management = new BusManagement(servers.BusManagement, LocalTrust.Handler(servers.Certificates.Authority));
        await PrepareBus.RunAsync(management, Service, Bus(), stop);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>An empty database with one connected number.</summary>
    public async Task<RungStart> PrepareAsync(byte[] secret, CancellationToken stop)
    {
        var database = Describe(Database);
        await DropAsync(stop);
        await PrepareDatabase.CopyAsync(servers.Superuser, Template, database, stop);
        await ConnectNumberAsync(stop);
        var url = RunningRung.FreeUrl();
        return new RungStart("gateway", url, Path.Combine(AppContext.BaseDirectory, "WpAsis.MessagingGateway.dll"), [], Database)
        {
            Environment = Variables(database, url, secret),
            Rows = "select count(*) from message_log",
            Waiting = "select (select count(*) from intake) + (select count(*) from outbox)",
        };
    }

    private Dictionary<string, string> Variables(ServiceDatabase database, Uri url, byte[] secret) =>
        new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = url.ToString(),
            ["SSL_CERT_FILE"] = servers.Certificates.Bundle,
            // Nobody is there: webhooks need no token.
            ["Auth__Authority"] = "https://localhost:1",
            ["Auth__ClientSecret"] = "nobody",
            [$"ConnectionStrings__{Service}-db"] = database.App,
            [$"ConnectionStrings__{Service}-db-work"] = database.Work,
            [$"ConnectionStrings__{Service}-db-log"] = database.Log,
            ["ConnectionStrings__rabbitmq"] = Bus().ToString(),
            ["KeyRings__Own"] = PrivateFolder.Create(servers.Folder, "servers", "keys", "own"),
            ["KeyRings__Content"] = PrivateFolder.Create(servers.Folder, "servers", "keys", "content"),
            ["WhatsApp__GraphUrl"] = "https://localhost:1/v26.0",
            ["WhatsApp__AppSecrets__0"] = Encoding.UTF8.GetString(secret),
            ["WhatsApp__VerifyToken"] = "nobody",
        };

    private async Task ConnectNumberAsync(CancellationToken stop)
    {
        var tenant = TypedId.New<TenantId>(clock);
        var inside = new NpgsqlConnectionStringBuilder(servers.Superuser) { Database = Database, Pooling = false };
        await using var connection = new NpgsqlConnection(inside.ConnectionString);
        await connection.OpenAsync(stop);
        await using var route = new NpgsqlCommand(
            """
            with t as (insert into tenant_route (tenant_id, window_class) values ($1, 24))
            insert into channel_route (phone_number_id, waba_id, channel_id, tenant_id, connected) values ($2, $3, $4, $1, true)
            """,
            connection
        );
        foreach (var value in (object[])[tenant.Value, PhoneNumberId, WabaId, TypedId.New<ChannelId>(clock).Value])
            route.Parameters.Add(new NpgsqlParameter { Value = value });
        await route.ExecuteNonQueryAsync(stop);
    }

    private async Task DropAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(servers.Superuser);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand($"drop database if exists {Database} with (force)", connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    private Uri Bus() => PrivateRabbit.Address(servers.AmqpsPort, "ladder", Service, servers.Secrets.Get("bus"));

    private ServiceDatabase Describe(string database)
    {
        var roles = new ServiceRoles(Service);
        return new(Service, Connect(roles.Owner), Connect(roles.App), Connect(roles.Work), Connect(roles.Log));

        string Connect(string role) =>
            new NpgsqlConnectionStringBuilder(servers.Superuser)
            {
                Database = database,
                Username = role,
                Password = servers.Secrets.Get(role),
            }.ConnectionString;
    }
}
