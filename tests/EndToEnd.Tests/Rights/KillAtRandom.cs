using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>Kills services at random moments while something is under way, and counts.</summary>
internal sealed class KillAtRandom(RunningSystem system, int seed)
{
    /// <summary>Everybody who takes part in a person's request.</summary>
    public static readonly IReadOnlyList<string> Services =
    [
        "identity",
        "messaging-gateway",
        "ai-responder",
        "billing",
        "data-subject-request",
    ];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);
    private int _rounds;
    private readonly List<(string Service, IReadOnlyList<string> UnderWay)> _kills = [];

    /// <summary>How often each was killed.</summary>
    public IReadOnlyDictionary<string, int> Counts => Services.ToDictionary(service => service, CountOf, StringComparer.Ordinal);

    /// <summary>Kills each service once, in any order, as long as something is under way.</summary>
    public async Task RunAsync(Func<Task<IReadOnlyList<string>>> underWay)
    {
        _rounds++;
        foreach (var service in Services.OrderBy(service => Draw($"place of {service}")))
        {
            await PassAsync(LongestPause * Draw($"pause before {service}"));
            if (await underWay() is not { Count: > 0 } now)
                return;
            if (system.System.Find(service).Current is not { } process)
                continue;
            process.EndNow();
            _kills.Add((service, now));
        }
    }

    /// <summary>Waits until all of them are back.</summary>
    public Task WaitForAllAsync() =>
        RunningSystem.UntilAsync(
            "every service is healthy",
            async () =>
            {
                foreach (var service in Services)
                {
                    if (!await IsHealthyAsync(service))
                        return false;
                }
                return true;
            }
        );

    /// <summary>What was killed, and during what.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            Services.Select(service =>
                string.Create(CultureInfo.InvariantCulture, $"{service}: {CountOf(service)} kills, during {During(service)}")
            )
        );

    // The same seed, the same order and the same moments.
    private double Draw(string what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed} {_rounds} {what}")));
        return BitConverter.ToUInt32(hash) / (double)uint.MaxValue;
    }

    private int CountOf(string service) => _kills.Count(kill => kill.Service == service);

    private string During(string service) =>
        string.Join(
            ", ",
            _kills
                .Where(kill => kill.Service == service)
                .SelectMany(kill => kill.UnderWay)
                .CountBy(what => what, StringComparer.Ordinal)
                .OrderBy(what => what.Key, StringComparer.Ordinal)
                .Select(what => string.Create(CultureInfo.InvariantCulture, $"{what.Value} × {what.Key}"))
        );

    private async Task<bool> IsHealthyAsync(string service)
    {
        try
        {
            using var response = await system.Http.GetAsync(
                new Uri(system.Run.Services[service].Management + "/health"),
                TestContext.Current.CancellationToken
            );
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // The moment of a kill is the test's only variable; nothing is waited for by it.
    private static async Task PassAsync(TimeSpan pause)
    {
        using var timer = new PeriodicTimer(Look);
        for (var passed = TimeSpan.Zero; passed < pause; passed += Look)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
