using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>An archive that stands.</summary>
/// <param name="Try">The try that wrote it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="MadeAt">When.</param>
internal sealed record MadeArchive(int Try, long Bytes, DateTimeOffset MadeAt);

/// <summary>
/// Pulls what each service holds and writes it into a ZIP as it comes: a file for each service, a manifest, a page for people. What is
/// pulled is never whole in memory and never in clear on a disk. A try that broke off is thrown away by the next.
/// </summary>
internal sealed class BuildArchive(WorkDb<DataSubjectRequestDbContext> work, AskServices services, Vault vault, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public async Task<MadeArchive> RunAsync(SubjectRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        await using var db = work.CreateContext();
        var now = clock.GetUtcNow();
        var (attempt, key) = await BeginAsync(db, request, limit.Token);
        var number = 0;
        await using var pieces = new ChunkStream(
            ArchiveChunk.Bytes,
            (piece, token) => StoreAsync(db, request, key, attempt, number++, piece, token)
        );
        var zip = await ZipArchive.CreateAsync(pieces, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, limit.Token);
        await using (zip)
        {
            var manifest = new Manifest(request.RequestId, now);
            await WriteArchive.ReadMeAsync(zip, manifest, limit.Token);
            foreach (var service in AskServices.All)
            {
                using var answer = await services.ExportAsync(service, request, limit.Token);
                await WriteArchive.ServiceAsync(zip, manifest, service, answer, limit.Token);
            }
            await WriteArchive.ManifestAsync(zip, manifest, limit.Token);
        }
        await pieces.FinishAsync(limit.Token);
        return new(attempt, pieces.Length, now);
    }

    // Each try has a number of its own: one that was taken for dead and goes on writes beside the other, not into it.
    private Task<(int Try, DataKey Key)> BeginAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        CancellationToken cancellationToken
    ) =>
        db.AsControllerAsync(
            request.TenantId,
            async (inner, token) =>
            {
                await inner.ArchiveChunks.Where(chunk => chunk.RequestId == request.RequestId).ExecuteDeleteAsync(token);
                var row = await inner
                    .Requests.FromSql($"select * from subject_request where request_id = {request.RequestId.Value} for update")
                    .SingleAsync(token);
                row.ArchiveTry++;
                return (row.ArchiveTry, await vault.OpenSubjectKeyAsync(inner, request.KeyOwner, token));
            },
            cancellationToken
        );

    private static Task<bool> StoreAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        DataKey key,
        int attempt,
        int number,
        ReadOnlyMemory<byte> piece,
        CancellationToken cancellationToken
    )
    {
        var content = key.SealBytes(ArchiveChunk.Column(attempt, number), piece.Span);
        return db.AsControllerAsync(
            request.TenantId,
            (inner, _) =>
            {
                inner.ArchiveChunks.Add(
                    new()
                    {
                        RequestId = request.RequestId,
                        Try = attempt,
                        Number = number,
                        TenantId = request.TenantId,
                        Content = content,
                    }
                );
                return Task.FromResult(true);
            },
            cancellationToken
        );
    }
}
