using System.Runtime.InteropServices;
using WpAsis.AppHost.Native;
using WpAsis.Benchmarks.Ladder;
using WpAsis.Benchmarks.Rungs;

// A rung runs as a process of its own, so that its CPU, memory and garbage are its own: it is this program once more.
if (args is [Rung.Verb, var name, var url])
{
    await Rung.RunAsync(name, url);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    if (LadderOptions.Parse(args) is not { } options)
    {
        Console.WriteLine(LadderOptions.Help);
        return 0;
    }
    return await RunLadder.RunAsync(options, TimeProvider.System, stop.Token);
}
catch (NativeFailedException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
