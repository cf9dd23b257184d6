using MassTransit;
using WpAsis.AppHost;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Architecture.Tests;

public sealed class TopologyTests
{
    [Fact]
    public void Every_message_of_the_topology_exists()
    {
        var named = Topology.Services.SelectMany(service => service.Publishes.Concat(service.Consumes)).Distinct(StringComparer.Ordinal);
        named.Except(MessageTypes.ByName.Keys, StringComparer.Ordinal).ShouldBeEmpty();
    }

    // RabbitMQ grants what the topology says: a consumer it does not know would not be allowed to bind.
    [Fact]
    public void Every_consumer_of_a_service_is_in_the_topology()
    {
        foreach (var service in Topology.Services)
        {
            var consumed = Repository
                .Services[service.Project]
                .GetTypes()
                .SelectMany(type => type.GetInterfaces())
                .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IConsumer<>))
                .Select(face => MessageTypes.NameOf(face.GetGenericArguments()[0]));
            consumed.Except(service.Consumes, StringComparer.Ordinal).ShouldBeEmpty(service.Name);
        }
    }

    [Fact]
    public void An_event_is_published_by_its_owner_only_and_a_receipt_by_everybody()
    {
        var receipts = new[] { "DataSubjectRequest:SubjectErased", "DataSubjectRequest:SubjectRectified" };
        var commands = new[] { "Billing:ReserveUsage", "Identity:SendNotice" };
        foreach (var service in Topology.Services)
        {
            var foreign = service
                .Publishes.Where(message => !message.StartsWith(service.Project + ":", StringComparison.Ordinal))
                .Except(receipts.Concat(commands), StringComparer.Ordinal);
            foreign.ShouldBeEmpty(service.Name);
        }
    }

    [Fact]
    public void Ports_of_a_block_do_not_meet()
    {
        var offsets = Topology
            .Services.SelectMany(service => new[] { service.PortOffset, service.PortOffset + Topology.ManagementOffset })
            .Concat([
                Topology.SandboxOffset,
                Topology.StripeSandboxOffset,
                Topology.MailRelayOffset,
                Topology.PostgresOffset,
                Topology.AmqpsOffset,
                Topology.BusManagementOffset,
            ])
            .ToList();
        offsets.ShouldBeUnique();
        offsets.Max().ShouldBeLessThan(Topology.ReplicaStep);
    }
}
