using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>A piece of an archive, sealed under the request's own key: when that is gone, so is the archive.</summary>
internal sealed class ArchiveChunk
{
    public const int Bytes = 256 * 1024;

    public required SubjectRequestId RequestId { get; init; }

    /// <summary>The try that wrote it; only one try's chunks are the archive.</summary>
    public required int Try { get; init; }

    public required int Number { get; init; }

    public TenantId? TenantId { get; init; }

    [ServiceData(
        Purpose = Purpose.LegalObligation,
        Clause = "P6.4",
        Retention = nameof(RetentionTable.ExportArchives),
        OnErase = OnErase.Shred
    )]
    public required SealedText Content { get; init; }

    /// <summary>The place a piece is bound to: pieces can't change places.</summary>
    public static SealedColumn Column(int @try, int number) =>
        new("data-subject-request", "archive_chunk", string.Create(CultureInfo.InvariantCulture, $"content.{@try}.{number}"));

    internal static void Map(EntityTypeBuilder<ArchiveChunk> entity)
    {
        entity.ToTable("archive_chunk");
        entity.HasKey(chunk => new
        {
            chunk.RequestId,
            chunk.Try,
            chunk.Number,
        });
    }
}
