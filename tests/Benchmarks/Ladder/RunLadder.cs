using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WpAsis.Benchmarks.Load;
using WpAsis.Benchmarks.Servers;

namespace WpAsis.Benchmarks.Ladder;

/// <summary>Lets the rungs take turns, so that what else happens on the machine happens to all of them, and prints what each did.</summary>
internal static class RunLadder
{
    public static async Task<int> RunAsync(LadderOptions options, TimeProvider clock, CancellationToken stop)
    {
        await using var servers = await LadderServers.StartAsync(Console.Error.WriteLine, clock, stop);
        var gateway = new GatewayRung(servers, clock);
        if (options.Rungs.Contains("gateway", StringComparer.Ordinal))
            await gateway.SetUpAsync(stop);
        var secret = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var maker = new WebhookMaker(GatewayRung.PhoneNumberId, GatewayRung.WabaId, secret, options.Contacts, clock);
        var measure = new MeasureRung(options, servers, maker, clock);

        var measurements = new List<Measurement>();
        Console.WriteLine(LadderReport.Head);
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var name in options.Rungs)
            {
                var start =
                    name == "gateway"
                        ? await gateway.PrepareAsync(secret, stop)
                        : await SketchRungs.PrepareAsync(name, secret, servers, stop);
                await using var rung = await RunningRung.StartAsync(start, servers, clock, stop);
                foreach (var connections in options.Connections)
                {
                    var isWarm = connections != options.Connections[0];
                    var measurement = await measure.RunAsync(name, rung, connections, isWarm, stop);
                    measurements.Add(measurement);
                    Console.WriteLine(LadderReport.Row(round.ToString(CultureInfo.InvariantCulture), measurement));
                }
            }
        }
        LadderReport.Summaries(measurements).ForEach(Console.WriteLine);
        return measurements.Exists(IsWrong) ? 1 : 0;
    }

    // A rung that stores must have stored every message that it acknowledged. (Others may be there: an answer can get lost.)
    private static bool IsWrong(Measurement measurement) =>
        measurement.Rung != "bare" && (measurement.Behind is null || measurement.RowsWhenDone < measurement.Load.Acknowledged);
}
