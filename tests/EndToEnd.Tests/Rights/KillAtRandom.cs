using System.Globalization;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>Kills services at random moments while something is under way, and counts.</summary>
internal sealed class KillAtRandom(RunningSystem system, Chance chance)
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

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);
    private int _rounds;
    private readonly List<(string Service, IReadOnlyList<string> UnderWay)> _kills = [];

    /// <summary>How often each was killed.</summary>
    public IReadOnlyDictionary<string, int> Counts => Services.ToDictionary(service => service, CountOf, StringComparer.Ordinal);

    /// <summary>Kills each service once, in any order, as long as something is under way.</summary>
    public async Task RunAsync(Func<Task<IReadOnlyList<string>>> underWay)
    {
        _rounds++;
        foreach (var service in Services.OrderBy(service => chance.UpTo(LongestPause, $"place of {service} {_rounds}")))
        {
            await Chance.PassAsync(chance.UpTo(LongestPause, $"pause before {service} {_rounds}"));
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
}
