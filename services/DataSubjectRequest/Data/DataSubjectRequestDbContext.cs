using Microsoft.EntityFrameworkCore;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Data;

/// <summary>The service's own database: outbox, inbox, vault and system log, which every service has.</summary>
internal sealed class DataSubjectRequestDbContext(DbContextOptions<DataSubjectRequestDbContext> options) : ServiceDbContext(options)
{
    protected override void MapService(ModelBuilder modelBuilder) { }
}

internal sealed class DataSubjectRequestDesignTime() : DesignTimeFactory<DataSubjectRequestDbContext>(options => new(options));
