using System.Text.RegularExpressions;

namespace WpAsis.Setup.Bus;

/// <summary>
/// What a service may do on the bus, as RabbitMQ's three patterns. Its own queues and exchanges begin with its name; a contract's exchange
/// is written only by those who publish it and read only by those who consume it, so no service can forge another's message.
/// </summary>
/// <param name="Configure">What it may declare.</param>
/// <param name="Write">What it may publish to or bind.</param>
/// <param name="Read">What it may consume from or bind to.</param>
public sealed record BusPermissions(string Configure, string Write, string Read)
{
    /// <summary>May do anything within its virtual host; for tests only.</summary>
    public static BusPermissions Everything { get; } = new(".*", ".*", ".*");

    /// <summary>Derived from what Topology says the service publishes and consumes.</summary>
    public static BusPermissions Of(string service)
    {
        var node = Topology.Service(service);
        return new(
            Pattern(service, node.Publishes.Union(node.Consumes, StringComparer.Ordinal)),
            Pattern(service, node.Publishes),
            Pattern(service, node.Consumes)
        );
    }

    private static string Pattern(string service, IEnumerable<string> contracts)
    {
        var exchanges = contracts.Order(StringComparer.Ordinal).Select(contract => "|WpAsis\\.Contracts\\." + Regex.Escape(contract));
        return $"^({Regex.Escape(service)}([-_].*)?{string.Concat(exchanges)})$";
    }
}
