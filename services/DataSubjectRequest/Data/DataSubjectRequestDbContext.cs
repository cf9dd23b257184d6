using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Archives;
using WpAsis.DataSubjectRequest.Receipts;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Data;

/// <summary>Requests, their receipts, and archives while they may be downloaded. Who a person is, only others know.</summary>
internal sealed class DataSubjectRequestDbContext(DbContextOptions<DataSubjectRequestDbContext> options) : ServiceDbContext(options)
{
    public DbSet<SubjectRequest> Requests => Set<SubjectRequest>();

    public DbSet<RequestRoute> Routes => Set<RequestRoute>();

    public DbSet<RequestTask> Tasks => Set<RequestTask>();

    public DbSet<KnownReceiptKey> ReceiptKeys => Set<KnownReceiptKey>();

    public DbSet<ArchiveChunk> ArchiveChunks => Set<ArchiveChunk>();

    protected override void MapService(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SubjectRequest>(SubjectRequest.Map);
        modelBuilder.Entity<RequestRoute>(RequestRoute.Map);
        modelBuilder.Entity<RequestTask>(RequestTask.Map);
        modelBuilder.Entity<KnownReceiptKey>(KnownReceiptKey.Map);
        modelBuilder.Entity<ArchiveChunk>(ArchiveChunk.Map);
    }
}

internal sealed class DataSubjectRequestDesignTime() : DesignTimeFactory<DataSubjectRequestDbContext>(options => new(options));
