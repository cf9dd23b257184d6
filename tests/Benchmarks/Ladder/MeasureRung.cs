using WpAsis.Benchmarks.Load;
using WpAsis.Benchmarks.Measure;
using WpAsis.Benchmarks.Servers;

namespace WpAsis.Benchmarks.Ladder;

/// <summary>What one rung did in one round at one number of connections.</summary>
internal sealed record Measurement(string Rung, int Connections, LoadResult Load, LoadResult? Paced)
{
    /// <summary>From the start of the load until nothing was left to do: of the rung, of PostgreSQL, of RabbitMQ.</summary>
    public required CpuReading Cpu { get; init; }

    /// <summary>Share of the machine that others took during the load: not the rung, its servers or the generator.</summary>
    public required double Others { get; init; }

    public required MemoryMeter Memory { get; init; }

    public required long RowsAtEnd { get; init; }

    public required long RowsWhenDone { get; init; }

    /// <summary>From the last answer until nothing was left to do; null when that did not come within the limit.</summary>
    public required TimeSpan? Behind { get; init; }

    /// <summary>CPU seconds per 1,000 messages of one of the processes.</summary>
    public double CpuPerThousand(int tree) => Cpu.Trees[tree] * 1_000 / Load.Acknowledged;
}

/// <summary>Warms a rung up, loads it, waits until it is done, and paces it.</summary>
internal sealed class MeasureRung(LadderOptions options, LadderServers servers, WebhookMaker maker, TimeProvider clock)
{
    public const int App = 0;
    public const int Postgres = 1;
    public const int Rabbit = 2;
    private const int PacedPerSecond = 100;
    private static readonly TimeSpan BacklogLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async Task<Measurement> RunAsync(string name, RunningRung rung, int connections, bool isWarm, CancellationToken stop)
    {
        if (!isWarm)
        {
            await LoadGenerator.RunAsync(rung.Target, maker, connections, options.WarmUp, stop);
            _ = await WaitUntilDoneAsync(rung, stop);
        }
        await servers.SettleAsync(stop);
        var before = await rung.CountRowsAsync(stop);
        GC.Collect();

        int[] processes = [rung.ProcessId, servers.PostgresId, servers.RabbitId];
        var start = CpuMeter.Read(processes);
        var load = await LoadGenerator.RunAsync(rung.Target, maker, connections, options.Load, stop);
        var end = CpuMeter.Read(processes);
        var atEnd = await rung.CountRowsAsync(stop);
        var behind = await WaitUntilDoneAsync(rung, stop);
        var done = CpuMeter.Read(processes);
        var memory = MemoryMeter.Read(rung.ProcessId);
        var rows = await rung.CountRowsAsync(stop);

        var paced =
            options.Paced > TimeSpan.Zero
                ? await LoadGenerator.RunPacedAsync(rung.Target, maker, PacedPerSecond, options.Paced, clock, stop)
                : null;
        return new Measurement(name, connections, load, paced)
        {
            Cpu = done - start,
            Others = OthersOf(end - start, load.Elapsed),
            Memory = memory,
            RowsAtEnd = atEnd - before,
            RowsWhenDone = rows - before,
            Behind = behind,
        };
    }

    private static double OthersOf(CpuReading during, TimeSpan elapsed) =>
        Math.Max(0, during.Machine - during.Own - during.Trees.Sum()) / (elapsed.TotalSeconds * Environment.ProcessorCount);

    private async Task<TimeSpan?> WaitUntilDoneAsync(RunningRung rung, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (!await rung.IsDoneAsync(stop))
        {
            if (clock.GetElapsedTime(began) > BacklogLimit)
                return null;
            await Task.Delay(Look, clock, stop);
        }
        return clock.GetElapsedTime(began);
    }
}
