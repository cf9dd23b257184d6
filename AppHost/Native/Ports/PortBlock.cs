using System.Globalization;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Ports;

/// <summary>The ports of one running system: fixed offsets from a base.</summary>
/// <param name="Base">The first port.</param>
/// <param name="Replicas">How many of each service run.</param>
public sealed record PortBlock(int Base, int Replicas)
{
    /// <summary>More would reach into the next block.</summary>
    public const int MostReplicas = 9;

    private const int Step = 1_000;
    private const int Last = 64_000;
    private const int DistributionOffset = 73;
    private const int PortMapperOffset = 74;

    /// <summary>The sandbox: Graph, models, phone, mail page.</summary>
    public int Sandbox => Base + Topology.SandboxOffset;

    /// <summary>The sandbox's Stripe.</summary>
    public int Stripe => Base + Topology.StripeSandboxOffset;

    /// <summary>The sandbox's mail relay.</summary>
    public int MailRelay => Base + Topology.MailRelayOffset;

    /// <summary>PostgreSQL.</summary>
    public int Postgres => Base + Topology.PostgresOffset;

    /// <summary>RabbitMQ.</summary>
    public RabbitPorts Rabbit =>
        new(Base + Topology.AmqpsOffset, Base + Topology.BusManagementOffset, Base + DistributionOffset, Base + PortMapperOffset);

    /// <summary>Public port of a replica; the first replica is 1.</summary>
    public int Public(ServiceNode service, int replica) => Base + service.PortOffset + Topology.ReplicaStep * (replica - 1);

    /// <summary>Management port of a replica.</summary>
    public int Management(ServiceNode service, int replica) => Public(service, replica) + Topology.ManagementOffset;

    /// <summary>Address of a port.</summary>
    public static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}");

    /// <summary>Public address of a replica.</summary>
    public string PublicUrl(ServiceNode service, int replica = 1) => Url(Public(service, replica));

    /// <summary>Management address of a replica.</summary>
    public string ManagementUrl(ServiceNode service, int replica = 1) => Url(Management(service, replica));

    /// <summary>The block at the wanted base, or the next one, a thousand further on, in which every port is free.</summary>
    /// <param name="wanted">First port to try.</param>
    /// <param name="replicas">How many of each service.</param>
    /// <param name="say">Hears which port was taken.</param>
    public static PortBlock FindFree(int wanted, int replicas, Action<string> say)
    {
        for (var first = wanted; first <= Last; first += Step)
        {
            var block = new PortBlock(first, replicas);
            if (block.All().Where(port => !FreePorts.IsFree(port)).Select(port => (int?)port).FirstOrDefault() is not { } taken)
                return block;
            say(string.Create(CultureInfo.InvariantCulture, $"port {taken} is taken, so this block moves on to {first + Step}"));
        }
        throw new NativeFailedException($"No free block of ports from {wanted} on.");
    }

    private IEnumerable<int> All()
    {
        int[] single = [Sandbox, Stripe, MailRelay, Postgres, Rabbit.Amqps, Rabbit.Management, Rabbit.Distribution, Rabbit.PortMapper];
        var replicas = Enumerable.Range(1, Replicas);
        return replicas
            .SelectMany(replica =>
                Topology.Services.SelectMany(service => new[] { Public(service, replica), Management(service, replica) })
            )
            .Concat(single);
    }
}
