using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.Privacy.Ids;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>A process that was killed.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Moment">Why then.</param>
/// <param name="NotTaken">Calls under way that it left without an outcome and that Graph had not taken.</param>
/// <param name="Taken">Those that Graph had taken.</param>
internal sealed record Kill(string Service, string Moment, int NotTaken, int Taken);

/// <summary>Kills processes with -9, at random moments or in the middle of a call to Graph. Native starts them again.</summary>
internal sealed class Executioner(RunningSystem system, Business business, Chance chance) : IDisposable
{
    public const string Gateway = "messaging-gateway";
    public const string Responder = "ai-responder";
    public const string Billing = "billing";

    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(10);
    private readonly ConcurrentQueue<Kill> _kills = new();
    private readonly SemaphoreSlim _gateway = new(1);

    public IReadOnlyCollection<Kill> Kills => _kills;

    /// <summary>Kills a service so many times, each time at some moment of its first seconds of health.</summary>
    public async Task KillAtRandomAsync(string service, int times, int replica = 1)
    {
        for (var i = 0; i < times; i++)
        {
            await EnterAsync(service);
            try
            {
                await UntilHealthyAsync(service, replica);
                var life = chance.UpTo(LongestLife, string.Create(CultureInfo.InvariantCulture, $"{service} {replica} {i}"));
                await Chance.PassAsync(life);
                await KillAsync(service, replica, "at random");
            }
            finally
            {
                Leave(service);
            }
        }
    }

    /// <summary>Lets a contact write, and kills the gateway while its call to Graph hangs: before Graph has the answer, or after.</summary>
    public async Task KillInCallAsync(Crowd crowd, bool taken)
    {
        await EnterAsync(Gateway);
        try
        {
            await UntilHealthyAsync(Gateway);
            var contact = crowd.Next();
            // Without the late status it would be known before the kill that Graph has it.
            if (taken)
                await FaultAsync(contact, "late-status", Restart);
            var fault = await FaultAsync(contact, taken ? "timeout-after-accept" : "slow", Restart);
            await crowd.WriteAsync(contact);
            await RunningSystem.UntilAsync(
                $"a call for {contact} to hang",
                async () => taken ? (await business.RepliesToAsync(contact)).Count > 0 : await HasStruckAsync(fault)
            );
            await KillAsync(Gateway, 1, taken ? "in a call, after" : "in a call, before");
        }
        finally
        {
            Leave(Gateway);
        }
    }

    /// <summary>Waits until a process says that it is healthy.</summary>
    public Task UntilHealthyAsync(string service, int replica = 1) =>
        RunningSystem.UntilAsync(
            $"{service} {replica} to be healthy",
            async () =>
            {
                try
                {
                    var health = $"{system.Run.Services[service].Replicas[replica - 1].Management}/health";
                    using var answer = await system.Http.GetAsync(new Uri(health), Stop);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }
        );

    public void Dispose() => _gateway.Dispose();

    private async Task KillAsync(string service, int replica, string moment)
    {
        var process = system.System.Find(service, replica).Current ?? throw new InvalidOperationException($"{service} does not run.");
        process.EndNow();
        await process.WaitForEndAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        var (notTaken, taken) = service == Gateway ? await CountCallsAsync() : (0, 0);
        _kills.Enqueue(new(service, moment, notTaken, taken));
    }

    // Whoever made these calls is dead, and whoever comes after lets a call have its time.
    private async Task<(int NotTaken, int Taken)> CountCallsAsync()
    {
        await using var gateway = system.OpenDatabase(Gateway);
        var open = await gateway.ReadAsync<Guid>("select message_id from send where state = 'Sending'");
        var atGraph = (await system.Sent.ReadAsync()).Select(sent => sent.MessageId).ToHashSet(StringComparer.Ordinal);
        var taken = open.Count(id => atGraph.Contains(new MessageId(id).ToString()));
        return (open.Count - taken, taken);
    }

    private async Task<string> FaultAsync(string contact, string kind, TimeSpan delay)
    {
        var fault = await system.ControlAsync(
            "faults",
            new
            {
                target = "graph",
                kind,
                delayMs = (int)delay.TotalMilliseconds,
                match = contact,
                times = 1,
            }
        );
        return fault.GetProperty("id").GetString()!;
    }

    private async Task<bool> HasStruckAsync(string fault)
    {
        var faults = await system.ReadControlAsync("faults");
        JsonElement known = faults.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == fault);
        return known.GetProperty("struck").GetInt32() > 0;
    }

    // One moment at a time: who waits for a call to hang must not find its process killed by chance.
    private Task EnterAsync(string service) => service == Gateway ? _gateway.WaitAsync(Stop) : Task.CompletedTask;

    private void Leave(string service)
    {
        if (service == Gateway)
            _gateway.Release();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
