using System.Runtime.InteropServices;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Running;

using var stop = new CancellationTokenSource();
PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
var registrations = signals.Select(signal => PosixSignalRegistration.Create(signal, Stop)).ToList();
try
{
    if (NativeOptions.Parse(args, RepositoryRoot.Find()) is not { } options)
    {
        Console.WriteLine(NativeOptions.Help);
        return 0;
    }
    await using var system = await NativeSystem.StartAsync(options, MergedOutput.Console, TimeProvider.System, stop.Token);
    MergedOutput.Console.Say(Welcome.Describe(system.Run, options.Folder));
    try
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
    }
    catch (OperationCanceledException)
    {
        MergedOutput.Console.Say("stopping");
    }
    return 0;
}
catch (NativeFailedException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped while starting.");
    return 1;
}
finally
{
    registrations.ForEach(registration => registration.Dispose());
}

// The second signal is not held back: it ends us at once, and the next start tidies up.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
