using Microsoft.Extensions.Configuration;
using WpAsis.Setup.Databases;

namespace WpAsis.Setup;

/// <summary>Where the servers are and what to make there, read from the connection strings of the environment.</summary>
internal sealed class SetupSettings
{
    private readonly IConfiguration _configuration;
    private readonly List<string> _missing = [];

    private SetupSettings(IConfiguration configuration)
    {
        _configuration = configuration;
        Superuser = Read("postgres");
        Databases =
        [
            .. Topology
                .Services.Where(service => service.HasDatabase)
                .Select(service => new ServiceDatabase(
                    service.Name,
                    Read(service.ConnectionName("owner")),
                    Read(service.ConnectionName("app")),
                    Read(service.ConnectionName("work")),
                    Read(service.ConnectionName("log"))
                )),
        ];
        Management = Read("bus-management");
        BusAddresses = Topology
            .Services.Where(service => service.UsesBus)
            .ToDictionary(service => service.Name, service => Read($"{service.Name}-bus"), StringComparer.Ordinal);
    }

    public string Superuser { get; }

    public IReadOnlyList<ServiceDatabase> Databases { get; }

    public string Management { get; }

    public IReadOnlyDictionary<string, string> BusAddresses { get; }

    /// <summary>Variables that are not set.</summary>
    public IReadOnlyList<string> Missing => _missing;

    public static SetupSettings Read(IConfiguration configuration) => new(configuration);

    private string Read(string name)
    {
        if (_configuration.GetConnectionString(name) is { Length: > 0 } value)
            return value;
        _missing.Add($"ConnectionStrings__{name}");
        return "";
    }
}
