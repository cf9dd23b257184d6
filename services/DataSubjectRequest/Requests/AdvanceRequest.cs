using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.DataSubjectRequest.Archives;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>
/// Takes up what is due, one step at a time. A step asks its neighbour first and writes what followed in one transaction, so that
/// a process that dies in between does it again. Nobody is asked for the last time: pauses grow to an hour and no further.
/// </summary>
internal sealed partial class AdvanceRequest(
    WorkDb<DataSubjectRequestDbContext> work,
    AskServices services,
    BuildArchive archives,
    Vault vault,
    TimeProvider clock,
    ILogger<AdvanceRequest> logger
) : Sweeper(logger)
{
    // Who dies with a request leaves it to the others after so long; who lives with a long step renews.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        if (await db.ClaimAsync(clock.GetUtcNow(), Lease, cancellationToken) is not { } route)
            return false;
        if (await db.ReadAsync(route, cancellationToken) is not { } request)
            return true;
        try
        {
            await StepAsync(db, request, cancellationToken);
        }
#pragma warning disable CA1031 // One request that fails must not hold up the others; it is tried again.
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            StepFailed(logger, request.RequestId.ToString(), request.State.ToString(), error.GetType().Name);
            await MoveAsync(db, request, row => PauseAfter(row.Attempts++), cancellationToken);
        }
        return true;
    }

    private Task StepAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken) =>
        request.State switch
        {
            RequestState.AwaitingProof => ApplyAsync(db, request, RequestEvent.ProofExpired, cancellationToken),
            RequestState.Verified => ApplyAsync(db, request, RequestEvent.TakenUp, cancellationToken),
            RequestState.Locating or RequestState.Verifying => LocateAsync(db, request, cancellationToken),
            RequestState.Executing when request.IsForArchive => BuildAsync(db, request, cancellationToken),
            RequestState.Executing => CollectAsync(db, request, cancellationToken),
            RequestState.Delivered => ApplyAsync(db, request, RequestEvent.ArchiveGone, cancellationToken),
            _ => MoveAsync(db, request, _ => null, cancellationToken),
        };

    private async Task LocateAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken)
    {
        var location = await services.LocateAsync(request, cancellationToken);
        var found =
            !location.Found ? RequestEvent.NotFound
            : location.IsLastOwner ? RequestEvent.FoundLastOwner
            : RequestEvent.Found;
        await ApplyAsync(db, request, found, cancellationToken);
    }

    private async Task BuildAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken)
    {
        var archive = await RenewingAsync(request, () => archives.RunAsync(request, cancellationToken), cancellationToken);
        await MoveAsync(
            db,
            request,
            row =>
            {
                // We were taken for dead, and somebody else is at it.
                if (row.ArchiveTry != archive.Try)
                    return Lease;
                row.Apply(RequestEvent.ArchiveMade, clock.GetUtcNow());
                (row.ArchiveBytes, row.ArchiveMadeAt) = (archive.Bytes, archive.MadeAt);
                return RetentionTable.ExportArchives;
            },
            cancellationToken
        );
    }

    private async Task<TResult> RenewingAsync<TResult>(
        SubjectRequest request,
        Func<Task<TResult>> step,
        CancellationToken cancellationToken
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(request, ended.Token);
        try
        {
            return await step();
        }
        finally
        {
            await ended.CancelAsync();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RenewAsync(SubjectRequest request, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Renewal, clock);
        while (await timer.WaitForNextTickAsync(ended))
        {
            await using var db = work.CreateContext();
            var until = clock.GetUtcNow() + Lease;
            await db
                .Routes.Where(route => route.RequestId == request.RequestId && route.NextAt != null)
                .ExecuteUpdateAsync(row => row.SetProperty(route => route.NextAt, until), ended);
        }
    }

    // Asks whoever has not signed, and waits; when everybody has, the next step is due at once.
    private async Task CollectAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken)
    {
        if (request is { Kind: RequestKind.Rectification, Version: null })
            request.Version = await RectifyAsync(db, request, cancellationToken);
        var version = request.Version;
        await db.ChangeAsync(
            request,
            async (inner, row, token) =>
            {
                row.Version = version;
                var open = await inner.Tasks.Where(task => task.RequestId == row.RequestId && task.DoneAt == null).ToListAsync(token);
                if (open.Count == 0)
                {
                    row.Apply(RequestEvent.AllSigned, clock.GetUtcNow());
                    return TimeSpan.Zero;
                }
                foreach (var task in open)
                    task.Asked++;
                Ask(inner, row);
                return PauseAfter(row.Attempts++);
            },
            clock,
            cancellationToken
        );
    }

    private async Task<long> RectifyAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken)
    {
        var name = await db.InTransactionAsync(
            async (inner, token) =>
                (await vault.OpenSubjectKeyAsync(inner, request.KeyOwner, token)).Unseal(SubjectRequest.NameColumn, request.Name!),
            cancellationToken
        );
        return await services.RectifyAsync(request, name, cancellationToken)
            ?? throw new InvalidOperationException("The person is gone while their name is corrected.");
    }

    private void Ask(DataSubjectRequestDbContext db, SubjectRequest request)
    {
        var at = request.ProvedAt!.Value;
        if (request.Kind is RequestKind.Erasure)
        {
            db.Publish(
                new ErasureRequested
                {
                    TenantId = request.TenantId,
                    RequestId = request.RequestId,
                    SubjectId = request.SubjectId!.Value,
                    Kind = request.SubjectKind,
                    CloseBusinesses = request.CloseBusinesses ? true : null,
                    At = at,
                },
                clock
            );
            return;
        }
        db.Publish(
            new RectificationRequested
            {
                TenantId = request.TenantId,
                RequestId = request.RequestId,
                SubjectId = request.SubjectId!.Value,
                Kind = request.SubjectKind,
                Version = request.Version,
                At = at,
            },
            clock
        );
    }

    private Task<bool> ApplyAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        RequestEvent what,
        CancellationToken cancellationToken
    ) => MoveAsync(db, request, row => row.Apply(what, clock.GetUtcNow()) ? TimeSpan.Zero : null, cancellationToken);

    private Task<bool> MoveAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        Func<SubjectRequest, TimeSpan?> change,
        CancellationToken cancellationToken
    ) => db.ChangeAsync(request, (_, row, _) => Task.FromResult(change(row)), clock, cancellationToken);

    private static TimeSpan PauseAfter(int attempts)
    {
        var pause = TimeSpan.FromSeconds(2 * Math.Pow(2, Math.Min(attempts, 12)));
        return pause < LongestPause ? pause : LongestPause;
    }

    // A message may quote a row or an answer: its type has to do.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} could not go on from {State} ({Error}); it is tried again")]
    private static partial void StepFailed(ILogger logger, string requestId, string state, string error);
}
