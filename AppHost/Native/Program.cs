using System.Runtime.InteropServices;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Running;

using var stop = new CancellationTokenSource();
var stopAsked = 0L;
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

// One stop may come as several signals: a terminal or a supervisor signals the whole group, and 'dotnet run' passes its own on.
// Only one that comes after everything should have stopped ends us at once; the next start then tidies up.
void Stop(PosixSignalContext signal)
{
    if (!stop.IsCancellationRequested)
        stopAsked = TimeProvider.System.GetTimestamp();
    signal.Cancel = TimeProvider.System.GetElapsedTime(stopAsked) < NativeSystem.StopLimit;
    stop.Cancel();
}
