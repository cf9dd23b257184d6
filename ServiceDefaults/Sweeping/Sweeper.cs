using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WpAsis.ServiceDefaults.Sweeping;

/// <summary>
/// A timer is a row and a sweeper that looks for it: work survives restarts, and a moved clock is noticed at once.
/// One sweep at a time per process; other replicas sweep too, so a sweep claims what it works on.
/// </summary>
public abstract partial class Sweeper(ILogger logger) : BackgroundService
{
    private const int RoundsPerRun = 1_000;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Longest pause between two sweeps, in real time.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Place in the line when the clock is moved; partitions come first.</summary>
    public virtual int Order => 100;

    /// <summary>Does what is due. True asks for another round at once.</summary>
    protected abstract Task<bool> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Runs before the interval is over. Safe from any thread; several calls make one run.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A run is due already.
        }
    }

    /// <summary>Runs once now, to the end, and returns when it is done; errors are the caller's.</summary>
    public async Task RunNowAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            for (var round = 0; round < RoundsPerRun && await SweepAsync(cancellationToken); round++) { }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                await RunNowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A sweeper outlives a failed sweep: the database may be away.
            catch (Exception error)
#pragma warning restore CA1031
            {
                SweepFailed(logger, GetType().Name, error.GetType().Name);
                pause = PauseAfterError;
            }

            try
            {
                await _wake.WaitAsync(pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _oneAtATime.Dispose();
        _wake.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    // The exception's message may quote a row, so its type has to do.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sweeper} failed with {Error}; it tries again")]
    private static partial void SweepFailed(ILogger logger, string sweeper, string error);
}

/// <summary>Registers sweepers.</summary>
public static class SweeperExtensions
{
    /// <summary>One instance per process, started with the host and known to the moved clock.</summary>
    public static IServiceCollection AddSweeper<TSweeper>(this IServiceCollection services)
        where TSweeper : Sweeper
    {
        services.TryAddSingleton<TSweeper>();
        services.AddSingleton<Sweeper>(provider => provider.GetRequiredService<TSweeper>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TSweeper>());
        return services;
    }
}
