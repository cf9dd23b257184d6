using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Privacy.Subjects;

/// <summary>What a service signs for.</summary>
public enum ReceiptAct
{
    /// <summary>A person is forgotten.</summary>
    Erased,

    /// <summary>A correction is applied.</summary>
    Rectified,
}

/// <summary>What a service did about a person, in counts and times: it names nobody.</summary>
[NotPersonal("a request, counts and times")]
public sealed record Receipt
{
    /// <summary>Who signs.</summary>
    public required string Service { get; init; }

    /// <summary>The request it answers.</summary>
    public required SubjectRequestId RequestId { get; init; }

    /// <summary>What was done.</summary>
    public required ReceiptAct Act { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the plan by which it was done.</summary>
    public required string Plan { get; init; }

    /// <summary>Rows by table.</summary>
    public required IReadOnlyDictionary<string, int> Rows { get; init; }

    /// <summary>Tables whose rows stay for a stated reason.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>The key-encryption key that wrapped the person's key; 0 where there was none.</summary>
    public int KekEpoch { get; init; }

    /// <summary>From this moment on no backup can bring the person back: that key-encryption key is gone by then.</summary>
    public DateTimeOffset? GoneFromBackupsAt { get; init; }

    /// <summary>From this moment on whatever bytes remain of what was said are noise: the newest epoch has ended.</summary>
    public DateTimeOffset? ContentGoneAt { get; init; }

    /// <summary>A call to WhatsApp was still under way: one answer may arrive.</summary>
    public bool OneMayStillArrive { get; init; }

    /// <summary>The version of the profile that was taken over.</summary>
    public long? Version { get; init; }
}

/// <summary>A signed receipt as its service keeps it: the same request gets the same receipt, however often it asks.</summary>
[NotPersonal("a random id that leads nowhere, and a receipt that names nobody")]
public sealed class StoredReceipt
{
    /// <summary>The request.</summary>
    public required SubjectRequestId RequestId { get; init; }

    /// <summary>What was done.</summary>
    public required ReceiptAct Act { get; init; }

    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The signed receipt.</summary>
    [NotPersonal("counts, hashes and times only")]
    public required string Jws { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Maps the table, for every service that answers the subject events.</summary>
    public static void Map(EntityTypeBuilder<StoredReceipt> entity)
    {
        entity.ToTable("subject_receipt");
        entity.HasKey(receipt => new { receipt.RequestId, receipt.Act });
    }
}
