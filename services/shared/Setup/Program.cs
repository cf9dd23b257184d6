using Microsoft.Extensions.Configuration;
using WpAsis.Setup;

// Exit codes: 0 everything is as described, 1 a step failed, 2 the environment is incomplete.
var settings = SetupSettings.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
if (settings.Missing.Count > 0)
{
    await Console.Error.WriteLineAsync("Setup is told everything by its environment. Missing: " + string.Join(", ", settings.Missing));
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    await new RunSetup(settings, Console.Out, TimeProvider.System).RunAsync(stop.Token);
    return 0;
}
catch (SetupFailedException failure)
{
    await Console.Error.WriteLineAsync($"Setup failed. {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Setup was stopped.");
    return 1;
}
