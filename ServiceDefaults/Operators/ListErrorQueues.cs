using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RabbitMQ.Client;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>An error queue of this service.</summary>
/// <param name="Queue">Its name, for a redrive.</param>
/// <param name="Count">How many messages wait in it.</param>
/// <param name="Messages">The oldest of them.</param>
public sealed record ErrorQueue(string Queue, long Count, IReadOnlyList<FailedMessage> Messages);

/// <summary>What this service's consumers gave up: how much, of which type, and why. Never what was in it.</summary>
internal static class ListErrorQueuesEndpoint
{
    private const int DefaultLimit = 20;
    private const int MostLimit = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void MapListErrorQueues(this IEndpointRouteBuilder operators) => operators.MapGet("/error-queues", HandleAsync);

    private static async Task<Results<Ok<OperatorPage<ErrorQueue>>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        ErrorQueues queues,
        CancellationToken cancellationToken,
        int limit = DefaultLimit
    )
    {
        if (limit is < 0 or > MostLimit)
            return Problems.Invalid("limit", $"Of each queue 0 to {MostLimit} messages can be looked at.");
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(Limit);
        try
        {
            await using var connection = await queues.ConnectAsync(timeLimit.Token);
            var items = new List<ErrorQueue>();
            foreach (var name in queues.Names)
                items.Add(await ReadAsync(connection, name, limit, timeLimit.Token));
            return TypedResults.Ok(new OperatorPage<ErrorQueue>(items));
        }
        catch (Exception error) when (ErrorQueues.IsAway(error) || timeLimit.IsCancellationRequested)
        {
            return BusAway();
        }
    }

    /// <summary>The answer while the broker can't be reached.</summary>
    public static ProblemHttpResult BusAway() =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, "bus-away", "The message bus can't be reached right now.");

    // What is looked at goes back where it was when the channel closes.
    private static async Task<ErrorQueue> ReadAsync(IConnection connection, string name, int limit, CancellationToken cancellationToken)
    {
        if (await ErrorQueues.CountAsync(connection, name, cancellationToken) is not { } count)
            return new(name, 0, []);
        var messages = new List<FailedMessage>();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        while (messages.Count < limit && await channel.BasicGetAsync(name, autoAck: false, cancellationToken) is { } delivery)
            messages.Add(FailedMessage.Read(delivery));
        await channel.CloseAsync(cancellationToken);
        return new(name, count, messages);
    }
}
