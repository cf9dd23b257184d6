namespace WpAsis.DataSubjectRequest.Tests;

/// <summary>Waits for a condition, with a limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await condition())
                await ticks.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It never came true that {what}.", late);
        }
    }
}
