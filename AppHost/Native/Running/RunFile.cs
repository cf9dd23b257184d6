using System.Text.Json;
using WpAsis.AppHost.Native.Configuration;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Running;

/// <summary>run.json: where everything of a running system listens. Written when all are healthy, gone when they stop.</summary>
public sealed record RunFile(
    string Ca,
    string Console,
    string Webhook,
    IReadOnlyDictionary<string, RunService> Services,
    RunSandbox? Sandbox,
    RunPort Postgres,
    RunPort Amqps,
    RunDemo Demo
)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Describes a system.</summary>
    public static RunFile Describe(
        NativeOptions options,
        PortBlock ports,
        LocalCertificates certificates,
        ParameterValues parameters,
        Demonstration demonstration
    )
    {
        var sandbox = PortBlock.Url(ports.Sandbox);
        return new(
            certificates.Authority,
            ports.PublicUrl(Topology.Service("console")),
            $"{ports.PublicUrl(Topology.Service("messaging-gateway"))}/webhooks/whatsapp",
            Topology.Services.ToDictionary(service => service.Name, service => RunService.Describe(service, ports), StringComparer.Ordinal),
            options.HasSandbox ? new RunSandbox(sandbox, PortBlock.Url(ports.Stripe), $"{sandbox}/phone", $"{sandbox}/mail") : null,
            new RunPort(ports.Postgres),
            new RunPort(ports.Rabbit.Amqps),
            new RunDemo(
                demonstration.Email,
                demonstration.Password,
                TenantId: null,
                demonstration.PhoneNumberId,
                demonstration.WabaId,
                parameters[Parameters.WhatsAppAppSecret],
                parameters[Parameters.WhatsAppVerifyToken]
            )
        );
    }

    /// <summary>Where the file of a folder lies.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "run.json");

    /// <summary>Reads the file of a running system.</summary>
    public static RunFile Read(string folder) => JsonSerializer.Deserialize<RunFile>(File.ReadAllText(PathIn(folder)), Form)!;

    /// <summary>Replaces the file in one step.</summary>
    public void Write(string folder) => PrivateFolder.Write(PathIn(folder), JsonSerializer.Serialize(this, Form));
}

/// <summary>A service's addresses; the plain ones are those of the first replica.</summary>
public sealed record RunService(string Url, string Management, IReadOnlyList<RunReplica> Replicas)
{
    internal static RunService Describe(ServiceNode service, PortBlock ports)
    {
        var replicas = Enumerable
            .Range(1, ports.Replicas)
            .Select(replica => new RunReplica(ports.PublicUrl(service, replica), ports.ManagementUrl(service, replica)))
            .ToList();
        return new(replicas[0].Url, replicas[0].Management, replicas);
    }
}

/// <summary>One process of a service.</summary>
public sealed record RunReplica(string Url, string Management);

/// <summary>The sandbox's addresses.</summary>
public sealed record RunSandbox(string Url, string Stripe, string Phone, string Mail);

/// <summary>A server on localhost.</summary>
public sealed record RunPort(int Port);

/// <summary>The demonstration tenant; its id is known once it was registered.</summary>
public sealed record RunDemo(
    string Email,
    string Password,
    string? TenantId,
    string PhoneNumberId,
    string WabaId,
    string AppSecret,
    string VerifyToken
);
