using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Data;

/// <summary>The gateway's tables that are kept in day partitions.</summary>
internal static class GatewayTables
{
    public static DayPartitionedTable MessageLog { get; } = new("message_log", RetentionTable.MessageMetadata);

    public static DayPartitionedTable DeliveryAttempt { get; } = new("delivery_attempt", RetentionTable.MessageMetadata);
}
