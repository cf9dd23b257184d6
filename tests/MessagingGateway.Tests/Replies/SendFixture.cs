using Npgsql;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Replies;

/// <summary>A gateway database and key rings of their own, for one test class.</summary>
public sealed class SendFixture(SharedServers servers) : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-").FullName;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Sees every tenant: for arranging and looking, never for the code under test.</summary>
    public NpgsqlDataSource Everything { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await servers.CreateDatabaseAsync("messaging-gateway", "MessagingGateway.Tests", TestContext.Current.CancellationToken);
        var all = new NpgsqlConnectionStringBuilder(servers.Superuser) { Database = Database.Name, MaxPoolSize = 5 };
        Everything = NpgsqlDataSource.Create(all.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Everything.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
