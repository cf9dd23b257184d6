using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Running;

/// <summary>PostgreSQL and RabbitMQ of a running system; each can be taken away and brought back, as outages do.</summary>
public sealed class NativeServers
{
    private readonly PostgresOptions _postgresOptions;
    private readonly RabbitOptions _rabbitOptions;
    private readonly ProcessTable _table;
    private readonly TimeProvider _clock;
    private PrivatePostgres? _postgres;
    private PrivateRabbit? _rabbit;

    internal NativeServers(
        string folder,
        PortBlock ports,
        LocalCertificates certificates,
        LocalSecrets secrets,
        ProcessTable table,
        TimeProvider clock
    )
    {
        _postgresOptions = new(
            Path.Combine(folder, "postgres"),
            Path.Combine(folder, "logs", "postgres"),
            ports.Postgres,
            secrets.Get("postgres"),
            certificates
        );
        _rabbitOptions = new(
            Path.Combine(folder, "rabbitmq"),
            Path.Combine(folder, "logs", "rabbitmq"),
            ports.Rabbit,
            secrets.Get("rabbitmq"),
            certificates
        );
        _table = table;
        _clock = clock;
    }

    /// <summary>Connection string of PostgreSQL's superuser.</summary>
    public string Superuser => _postgres?.ConnectionString ?? throw new InvalidOperationException("PostgreSQL is not running.");

    /// <summary>RabbitMQ's management API with user and password.</summary>
    public Uri BusManagement => _rabbit?.Management ?? throw new InvalidOperationException("RabbitMQ is not running.");

    /// <summary>PostgreSQL's process, null while it is away.</summary>
    public ProcessRecord? Postgres => _postgres?.Process;

    /// <summary>RabbitMQ's process, null while it is away.</summary>
    public ProcessRecord? Rabbit => _rabbit?.Process;

    /// <summary>Starts PostgreSQL and waits until it answers.</summary>
    public async Task StartPostgresAsync(CancellationToken stop) =>
        _postgres = await PrivatePostgres.StartAsync(_postgresOptions, _table, _clock, stop);

    /// <summary>Starts RabbitMQ and waits until it answers.</summary>
    public async Task StartRabbitAsync(CancellationToken stop) =>
        _rabbit = await PrivateRabbit.StartAsync(_rabbitOptions, _table, _clock, stop);

    /// <summary>Stops PostgreSQL fast and in order; past the limit it is killed, and recovers at its next start.</summary>
    public async Task StopPostgresAsync(TimeSpan limit)
    {
        if (_postgres is { } postgres)
            await PrivatePostgres.StopAsync(postgres.Process, limit, _clock);
        _postgres = null;
    }

    /// <summary>Stops RabbitMQ in order; past the limit it is killed.</summary>
    public async Task StopRabbitAsync(TimeSpan limit)
    {
        if (_rabbit is { } rabbit)
            await PrivateRabbit.StopAsync(rabbit.Process, rabbit.PortMapper, limit, _clock);
        _rabbit = null;
    }

    internal Task StopAsync(TimeSpan limit) => Task.WhenAll(StopPostgresAsync(limit), StopRabbitAsync(limit));
}
