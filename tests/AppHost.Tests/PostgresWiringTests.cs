using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AppHost.Tests;

/// <summary>The services cannot reference Aspire's client package and still build everywhere; this holds their wiring to it.</summary>
public sealed class PostgresWiringTests
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:";
    private const string ConnectionString = "Host=localhost;Port=1;Database=wiring;Username=nobody;Password=none";

    public static TheoryData<string, string[]> Configurations =>
        new()
        {
            { "defaults", [] },
            {
                "the context's section wins",
                [
                    Section + "CommandTimeout=7",
                    Section + "wiring-db:CommandTimeout=8",
                    Section + nameof(WiringDbContext) + ":CommandTimeout=9",
                ]
            },
            { "the connection's section wins", [Section + "CommandTimeout=7", Section + "wiring-db:CommandTimeout=8"] },
            {
                "everything off",
                [
                    Section + "DisableRetry=true",
                    Section + "DisableHealthChecks=true",
                    Section + "DisableTracing=true",
                    Section + "DisableMetrics=true",
                ]
            },
            { "the connection string of the section gives way", [Section + "ConnectionString=Host=elsewhere"] },
        };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Ours_registers_what_the_client_package_registers(string why, string[] settings)
    {
        var ours = Build(settings, builder => PostgresExtensions.AddNpgsqlDbContext<WiringDbContext>(builder, "wiring-db"));
        var theirs = Build(settings, builder => AspireEFPostgreSqlExtensions.AddNpgsqlDbContext<WiringDbContext>(builder, "wiring-db"));
        ours.Registrations.ShouldBe(theirs.Registrations, why);
        ours.HealthChecks.ShouldBe(theirs.HealthChecks, why);
        ours.PoolSize.ShouldBe(theirs.PoolSize, why);
        ours.Strategy.ShouldBe(theirs.Strategy, why);
        ours.CommandTimeout.ShouldBe(theirs.CommandTimeout, why);
        ours.Server.ShouldBe(theirs.Server, why);
    }

    [Fact]
    public void Both_refuse_to_work_without_a_connection_string_and_only_when_they_are_used()
    {
        Action<IHostApplicationBuilder>[] wirings =
        [
            builder => PostgresExtensions.AddNpgsqlDbContext<WiringDbContext>(builder, "missing"),
            builder => AspireEFPostgreSqlExtensions.AddNpgsqlDbContext<WiringDbContext>(builder, "missing"),
        ];
        foreach (var wire in wirings)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            wire(builder);
            using var host = builder.Build();
            using var scope = host.Services.CreateScope();
            Should.Throw<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<WiringDbContext>());
        }
    }

    private static Wiring Build(string[] settings, Action<IHostApplicationBuilder> wire)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(
            settings
                .Append("ConnectionStrings:wiring-db=" + ConnectionString)
                .Select(setting => setting.Split('=', 2))
                .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))
        );
        var before = builder.Services.ToHashSet();
        wire(builder);
        var registrations = builder
            .Services.Where(service => !before.Contains(service))
            .Select(service => $"{service.ServiceType} {service.Lifetime}")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<WiringDbContext>();
        var options = scope.ServiceProvider.GetRequiredService<DbContextOptions<WiringDbContext>>();
        var connection = new NpgsqlConnectionStringBuilder(context.Database.GetConnectionString());
        return new Wiring(
            registrations,
            [.. host.Services.GetService<IOptions<HealthCheckServiceOptions>>()?.Value.Registrations.Select(check => check.Name) ?? []],
            options.FindExtension<CoreOptionsExtension>()?.MaxPoolSize,
            context.Database.CreateExecutionStrategy().GetType(),
            context.Database.GetCommandTimeout(),
            $"{connection.Host}:{connection.Port}/{connection.Database} as {connection.Username}"
        );
    }

    private sealed record Wiring(
        IReadOnlyList<string> Registrations,
        IReadOnlyList<string> HealthChecks,
        int? PoolSize,
        Type Strategy,
        int? CommandTimeout,
        string Server
    );

    private sealed class WiringDbContext(DbContextOptions<WiringDbContext> options) : DbContext(options);
}
