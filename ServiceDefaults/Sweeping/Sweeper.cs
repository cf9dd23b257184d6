using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
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
    private readonly ConcurrentDictionary<string, long> _purged = new(StringComparer.Ordinal);

    // Written by the run that is under way, read by whoever asks; 0 is never.
    private long _endedAt;
    private long _nextAt;
    private volatile bool _isRunning;
    private volatile string? _lastError;

    /// <summary>How operators call it.</summary>
    public string Name => GetType().Name.Split('`')[0];

    /// <summary>It forgets what has had its time, so an operator may run it now.</summary>
    public virtual bool Purges => false;

    /// <summary>How it stands, in real time from now.</summary>
    public SweeperState State =>
        new(
            Name,
            Elapsed(Interlocked.Read(ref _endedAt)),
            _isRunning || -Elapsed(Interlocked.Read(ref _nextAt)) is not { } left ? null
                : left > TimeSpan.Zero ? left
                : TimeSpan.Zero,
            _isRunning,
            _lastError
        );

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

    /// <summary>
    /// Runs once now, to the end, and returns when it is done, with what it purged by table; errors are the caller's.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> RunNowAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        _isRunning = true;
        _purged.Clear();
        try
        {
            for (var round = 0; round < RoundsPerRun && await SweepAsync(cancellationToken); round++) { }
            _lastError = null;
            return new SortedDictionary<string, long>(_purged, StringComparer.Ordinal);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            _lastError = error.GetType().Name;
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref _endedAt, TimeProvider.System.GetTimestamp());
            _isRunning = false;
            _oneAtATime.Release();
        }
    }

    /// <summary>Makes due what waits for a later visit, where a sweeper has visits. Nothing is forgotten before its time.</summary>
    public virtual Task MakeDueAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts what was purged.</summary>
    protected int Purged(string what, int rows)
    {
        if (rows > 0)
            _purged.AddOrUpdate(what, rows, (_, before) => before + rows);
        return rows;
    }

    /// <summary>Runs a statement that purges, and counts its rows under the table that it names first.</summary>
    protected async Task<int> PurgeAsync(DbContext db, FormattableString statement, CancellationToken cancellationToken) =>
        Purged(Target().Match(statement.Format).Groups["table"].Value, await db.Database.ExecuteSqlAsync(statement, cancellationToken));

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
                Interlocked.Exchange(ref _nextAt, TimeProvider.System.GetTimestamp() + Ticks(pause));
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

    private static TimeSpan? Elapsed(long timestamp) => timestamp == 0 ? null : TimeProvider.System.GetElapsedTime(timestamp);

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * TimeProvider.System.TimestampFrequency);

    [GeneratedRegex(@"\b(?:delete from|update)\s+(?<table>[\w.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Target();

    // The exception's message may quote a row, so its type has to do.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sweeper} failed with {Error}; it tries again")]
    private static partial void SweepFailed(ILogger logger, string sweeper, string error);
}

/// <summary>How a sweeper stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SinceLastRun">Null before the first run.</param>
/// <param name="UntilNextRun">Null while it runs, and where only others start it.</param>
/// <param name="IsRunning">It runs now.</param>
/// <param name="LastError">Type of the error its last run ended with; null when it ended well.</param>
public sealed record SweeperState(string Name, TimeSpan? SinceLastRun, TimeSpan? UntilNextRun, bool IsRunning, string? LastError);

/// <summary>A technical table whose rows wait for a moment: the other half of a timer.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Column">Where the moment stands.</param>
/// <param name="Where">Which rows wait at all; null for all of them.</param>
public sealed record TimerRows(string Table, string Column, string? Where = null);

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

    /// <summary>Names a table of timers, so that operators see how many are due.</summary>
    public static IServiceCollection AddTimerRows(this IServiceCollection services, string table, string column, string? where = null) =>
        services.AddSingleton(new TimerRows(table, column, where));
}
