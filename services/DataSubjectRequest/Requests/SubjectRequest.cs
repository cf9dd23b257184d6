using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>The four rights.</summary>
internal enum RequestKind
{
    Access,
    Portability,
    Rectification,
    Erasure,
}

/// <summary>Where a request stands.</summary>
internal enum RequestState
{
    /// <summary>Nobody has said yet who asks.</summary>
    AwaitingProof,

    /// <summary>Proved.</summary>
    Verified,

    /// <summary>The service that knows such persons is asked.</summary>
    Locating,

    /// <summary>The services work on it.</summary>
    Executing,

    /// <summary>Everybody has signed; it is looked whether anything is left.</summary>
    Verifying,

    /// <summary>The archive can be downloaded.</summary>
    Delivered,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Not done, for a stated reason.</summary>
    Denied,

    /// <summary>Taken back.</summary>
    Withdrawn,

    /// <summary>Never proved.</summary>
    Expired,
}

/// <summary>Why a request was denied.</summary>
internal enum DenialReason
{
    /// <summary>A business would be without an owner.</summary>
    LastOwner,

    /// <summary>There is no such person any more.</summary>
    NotFound,
}

/// <summary>
/// What a person asked for, and how far it came. What they wrote in it is sealed under a key of its own that goes with the request.
/// </summary>
[ServiceData(
    Purpose = Purpose.LegalObligation,
    Clause = "P6.1",
    Retention = nameof(RetentionTable.SubjectRequests),
    OnErase = OnErase.Delete
)]
internal sealed class SubjectRequest
{
    public static readonly SealedColumn NameColumn = new("data-subject-request", "subject_request", "name");

    public required SubjectRequestId RequestId { get; init; }

    /// <summary>The controller, once a contact has proved to be one's.</summary>
    public TenantId? TenantId { get; set; }

    /// <summary>The person, once proved.</summary>
    public DataSubjectId? SubjectId { get; set; }

    public required SubjectKind SubjectKind { get; init; }

    public required RequestKind Kind { get; init; }

    public required RequestState State { get; set; }

    public DenialReason? Reason { get; set; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    public DateTimeOffset? ProvedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public bool CloseBusinesses { get; init; }

    /// <summary>The name as it should have been.</summary>
    [PersonName(
        Purpose = Purpose.LegalObligation,
        Clause = "P6.2",
        Retention = nameof(RetentionTable.SubjectRequests),
        OnErase = OnErase.Delete
    )]
    public SealedText? Name { get; set; }

    /// <summary>The version of the profile after a correction.</summary>
    public long? Version { get; set; }

    /// <summary>Tries of the step at hand.</summary>
    public int Attempts { get; set; }

    /// <summary>Codes shown so far: each is another.</summary>
    public int Codes { get; set; }

    /// <summary>The try whose chunks are the archive.</summary>
    public int ArchiveTry { get; set; }

    public DateTimeOffset? ArchiveMadeAt { get; set; }

    public long ArchiveBytes { get; set; }

    public int Downloads { get; set; }

    /// <summary>A contact has proved anew: one download until then.</summary>
    public DateTimeOffset? DownloadUntil { get; set; }

    /// <summary>The key that seals what stands in the request; it is no person's.</summary>
    public DataSubjectId KeyOwner => new(RequestId.Value);

    public bool IsClosed => State is RequestState.Completed or RequestState.Denied or RequestState.Withdrawn or RequestState.Expired;

    public bool CanCancel => State is RequestState.AwaitingProof or RequestState.Verified;

    public bool IsForArchive => Kind is RequestKind.Access or RequestKind.Portability;

    public bool HasArchive(DateTimeOffset now) =>
        State is RequestState.Delivered && ArchiveMadeAt + RetentionTable.ExportArchives > now && Downloads < MostDownloads;

    /// <summary>Downloads of one archive.</summary>
    public const int MostDownloads = 5;

    internal static void Map(EntityTypeBuilder<SubjectRequest> entity)
    {
        entity.ToTable("subject_request");
        entity.HasKey(request => request.RequestId);
        entity.HasIndex(request => new { request.SubjectId, request.RequestId });
        entity.Ignore(request => request.KeyOwner);
        entity.Ignore(request => request.IsClosed);
        entity.Ignore(request => request.CanCancel);
        entity.Ignore(request => request.IsForArchive);
    }
}

/// <summary>How a request is found before its customer is known: by its link, by its code, by its time.</summary>
[NotPersonal("ids, times and hashes of random values")]
internal sealed class RequestRoute
{
    public required SubjectRequestId RequestId { get; init; }

    public TenantId? TenantId { get; set; }

    /// <summary>SHA-256 of the secret in the link of a person without an account.</summary>
    public byte[]? LinkHash { get; init; }

    /// <summary>SHA-256 of the code that is waited for.</summary>
    public string? CodeHash { get; set; }

    public DateTimeOffset? CodeExpiresAt { get; set; }

    /// <summary>When it is looked at again; none when nothing is to be done.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>When the request was closed: it is forgotten a while later.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    internal static void Map(EntityTypeBuilder<RequestRoute> entity)
    {
        entity.ToTable("request_route");
        entity.HasKey(route => route.RequestId);
        entity.HasIndex(route => route.CodeHash).IsUnique();
        entity.HasIndex(route => route.NextAt).HasFilter("next_at is not null");
        entity.HasIndex(route => route.ClosedAt).HasFilter("closed_at is not null");
    }
}

/// <summary>One service's part in a request, and the receipt it signed.</summary>
[NotPersonal("a request, a service's name, times and a receipt that names nobody")]
internal sealed class RequestTask
{
    public required SubjectRequestId RequestId { get; init; }

    public required string Service { get; init; }

    public TenantId? TenantId { get; init; }

    /// <summary>Times it was asked.</summary>
    public int Asked { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    public string? Receipt { get; set; }

    internal static void Map(EntityTypeBuilder<RequestTask> entity)
    {
        entity.ToTable("request_task");
        entity.HasKey(task => new { task.RequestId, task.Service });
    }
}
