using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>One redacted log record. Day partitions, dropped after 90 days (policy P5.2).</summary>
[NotPersonal("written after redaction")]
public sealed class SystemLogRecord
{
    /// <summary>When it was written.</summary>
    public DateTimeOffset ArrivedAt { get; init; }

    /// <summary>Version-7 uuid.</summary>
    public Guid Id { get; init; }

    /// <summary>Which process.</summary>
    public required string Instance { get; init; }

    /// <summary>Information and above.</summary>
    public required string Level { get; init; }

    /// <summary>Logger.</summary>
    public required string Category { get; init; }

    /// <summary>Event name.</summary>
    public string? EventName { get; init; }

    /// <summary>The sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Trace it belongs to.</summary>
    public string? TraceId { get; init; }

    internal static void Map(EntityTypeBuilder<SystemLogRecord> entity)
    {
        entity.ToTable("system_log", "log");
        entity.HasKey(record => new { record.ArrivedAt, record.Id });
    }
}
