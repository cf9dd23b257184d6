using System.Text.Json;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.TestServers;

/// <summary>What every test process has to know about the servers they share; lies beside their data.</summary>
/// <param name="Postgres">Connection string of the superuser.</param>
/// <param name="BusManagement">Management API with user and password.</param>
/// <param name="BusAddress">AMQP address without user and virtual host.</param>
/// <param name="Password">Password of every role and bus user of the tests, new with each start.</param>
/// <param name="Authority">Certificate of the authority; empty where the system's are enough.</param>
/// <param name="Processes">PostgreSQL, RabbitMQ and its port mapper, in this order; none where the servers are not ours.</param>
internal sealed record ServersFile(
    string Postgres,
    Uri BusManagement,
    Uri BusAddress,
    string Password,
    string Authority,
    IReadOnlyList<ProcessRecord> Processes
)
{
    public bool IsAlive => Processes.All(process => process.IsAlive);

    public static ServersFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ServersFile>(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    public void Write(string path) => PrivateFolder.Write(path, JsonSerializer.Serialize(this));
}
