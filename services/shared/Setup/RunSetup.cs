using System.Net.Sockets;
using Npgsql;
using WpAsis.Setup.Bus;
using WpAsis.Setup.Databases;

namespace WpAsis.Setup;

/// <summary>Prepares PostgreSQL and RabbitMQ for the services, waiting for servers that are still coming up.</summary>
internal sealed class RunSetup(SetupSettings settings, TextWriter output, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        await StepAsync("cluster", () => PrepareDatabase.CloseClusterAsync(settings.Superuser, stop), stop);
        foreach (var database in settings.Databases)
            await StepAsync(database.Name, () => PrepareDatabase.RunAsync(settings.Superuser, database, stop), stop);

        using var management = new BusManagement(new Uri(settings.Management));
        await StepAsync("bus", () => management.CheckAsync(stop), stop);
        foreach (var (service, address) in settings.BusAddresses)
            await StepAsync($"bus user {service}", () => PrepareBus.RunAsync(management, service, new Uri(address), stop), stop);
    }

    private async Task StepAsync(string name, Func<Task> step, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await step();
                await output.WriteLineAsync($"{name}: ready after {clock.GetElapsedTime(began).TotalSeconds:0.0} s");
                return;
            }
            catch (Exception error) when (IsComingUp(error) && clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, clock, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw new SetupFailedException($"{name}: {error.Message}", error);
            }
        }
    }

    // "Starting up" and "too many clients" pass; a refused password or a certificate nobody signed do not.
    private static bool IsComingUp(Exception error) =>
        error switch
        {
            PostgresException refused => refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections,
            NpgsqlException { InnerException: SocketException or EndOfStreamException or TimeoutException } => true,
            HttpRequestException { StatusCode: { } status } => (int)status >= 500,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded } => true,
            TaskCanceledException { InnerException: TimeoutException } => true,
            _ => false,
        };
}

/// <summary>A step failed for good; the message names it.</summary>
internal sealed class SetupFailedException : Exception
{
    public SetupFailedException() { }

    public SetupFailedException(string message)
        : base(message) { }

    public SetupFailedException(string message, Exception inner)
        : base(message, inner) { }
}
