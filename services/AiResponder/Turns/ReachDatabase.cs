using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// A turn's way to the database. Few at once: a burst in which every turn opens a connection makes so many that none is ready in time.
/// And again until it answers: an outage is not an attempt, and an answer that was made is not thrown away for it.
/// </summary>
internal sealed partial class ReachDatabase(ILogger<ReachDatabase> logger) : IDisposable
{
    /// <summary>Turns at the database at once; a turn is there for some milliseconds, and none while the model runs.</summary>
    public const int Places = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _places = new(Places);

    /// <summary>Runs a step that may be repeated, until it was done, failed by itself, or the token ends it.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await _places.WaitAsync(cancellationToken);
            try
            {
                return await step(cancellationToken);
            }
            catch (Exception error) when (DatabaseAway.Caused(error))
            {
                Away(logger, error.GetType().Name);
            }
            finally
            {
                _places.Release();
            }
            // In real time: the database is not back sooner when the clock is moved.
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <inheritdoc cref="RunAsync{T}" />
    public Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken) =>
        RunAsync(
            async token =>
            {
                await step(token);
                return true;
            },
            cancellationToken
        );

    public void Dispose() => _places.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A turn did not reach the database ({Error}); it tries again")]
    private static partial void Away(ILogger logger, string error);
}
