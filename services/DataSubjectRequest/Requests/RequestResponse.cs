using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>A request as its person sees it.</summary>
internal sealed record RequestResponse
{
    public required SubjectRequestId RequestId { get; init; }

    public required RequestKind Kind { get; init; }

    public required RequestState State { get; init; }

    public DenialReason? Reason { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    public DateTimeOffset? ProvedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public required bool CanCancel { get; init; }

    public required IReadOnlyList<ServiceProgress> Services { get; init; }

    public ArchiveResponse? Archive { get; init; }

    public static RequestResponse Of(SubjectRequest request, IEnumerable<RequestTask> tasks, DateTimeOffset now) =>
        new()
        {
            RequestId = request.RequestId,
            Kind = request.Kind,
            State = request.State,
            Reason = request.Reason,
            ReceivedAt = request.ReceivedAt,
            Deadline = request.Deadline,
            ProvedAt = request.ProvedAt,
            ClosedAt = request.ClosedAt,
            CanCancel = request.CanCancel,
            Services = [.. tasks.Select(task => new ServiceProgress(task.Service, task.DoneAt))],
            Archive = request.HasArchive(now)
                ? new(
                    request.ArchiveMadeAt!.Value,
                    request.ArchiveMadeAt.Value + RetentionTable.ExportArchives,
                    request.ArchiveBytes,
                    SubjectRequest.MostDownloads - request.Downloads
                )
                : null,
        };
}

/// <summary>Whether a service has signed.</summary>
internal sealed record ServiceProgress([property: NotPersonal("a service's name")] string Service, DateTimeOffset? DoneAt);

/// <summary>What can be downloaded.</summary>
internal sealed record ArchiveResponse(DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, long Bytes, int DownloadsLeft);

/// <summary>Some of one's requests, the newest first.</summary>
internal sealed record RequestPage(IReadOnlyList<RequestResponse> Items, SubjectRequestId? Next);
