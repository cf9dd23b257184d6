using System.Collections.Concurrent;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Running;

/// <summary>Waits until every process says that it has what it needs.</summary>
public sealed class HealthWait(string authority, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Waits for all of them at once.</summary>
    /// <param name="checks">Names, and addresses that answer 200 when healthy.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How long each took.</returns>
    /// <exception cref="NativeFailedException">Some are not healthy in time; the message says which and why.</exception>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> RunAsync(IReadOnlyDictionary<string, Uri> checks, CancellationToken stop)
    {
        var took = new ConcurrentDictionary<string, TimeSpan>(StringComparer.Ordinal);
        using var http = new HttpClient(LocalTrust.Handler(authority)) { Timeout = TimeSpan.FromSeconds(5) };
        var late = await Task.WhenAll(checks.Select(check => WaitAsync(http, check.Key, check.Value, took, stop)));
        var missing = late.OfType<string>().ToList();
        if (missing.Count > 0)
            throw new NativeFailedException($"Not healthy after {Limit.TotalSeconds:0} s:\n  " + string.Join("\n  ", missing));
        return took;
    }

    // Null when it became healthy, else what to say about it.
    private async Task<string?> WaitAsync(
        HttpClient http,
        string name,
        Uri address,
        ConcurrentDictionary<string, TimeSpan> took,
        CancellationToken stop
    )
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var answer = await AskAsync(http, address, stop);
            if (answer is null)
            {
                took[name] = clock.GetElapsedTime(began);
                return null;
            }
            if (clock.GetElapsedTime(began) > Limit)
                return $"{name}: {address} {answer}";
            await Task.Delay(Pause, clock, stop);
        }
    }

    private static async Task<string?> AskAsync(HttpClient http, Uri address, CancellationToken stop)
    {
        try
        {
            using var response = await http.GetAsync(address, stop);
            return response.IsSuccessStatusCode ? null : $"answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return $"does not answer ({error.HttpRequestError})";
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return "does not answer in time";
        }
    }
}
