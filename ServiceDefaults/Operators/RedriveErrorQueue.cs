using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>How many messages went back to their consumer, and how many still wait.</summary>
public sealed record RedriveResponse(string Queue, long Redriven, long Remaining);

/// <summary>
/// Gives failed messages back to their consumer as they were, oldest first, at most as many as waited when it began: one that fails
/// again is not driven in a circle. A message that was confirmed and not yet taken away comes twice; the inbox knows its id.
/// </summary>
internal static partial class RedriveErrorQueueEndpoint
{
    private const int DefaultLimit = 100;
    private const int MostLimit = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void MapRedriveErrorQueue(this IEndpointRouteBuilder operators) =>
        operators.MapPost("/error-queues/{queue}/redrive", HandleAsync);

    private static async Task<Results<Ok<RedriveResponse>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        string queue,
        ErrorQueues queues,
        ILogger<ErrorQueues> logger,
        CancellationToken cancellationToken,
        int limit = DefaultLimit
    )
    {
        if (limit is < 1 or > MostLimit)
            return Problems.Invalid("limit", $"1 to {MostLimit} messages can be redriven at a time.");
        if (!queues.Names.Contains(queue, StringComparer.Ordinal))
            return Problems.Of(StatusCodes.Status404NotFound, "no-such-queue", "This service has no error queue of that name.");
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(Limit);
        try
        {
            await using var connection = await queues.ConnectAsync(timeLimit.Token);
            var waiting = await ErrorQueues.CountAsync(connection, queue, timeLimit.Token) ?? 0;
            var moved = await MoveAsync(connection, queue, Math.Min(waiting, limit), timeLimit.Token);
            Redriven(logger, moved, queue);
            return TypedResults.Ok(new RedriveResponse(queue, moved, waiting - moved));
        }
        catch (Exception error) when (ErrorQueues.IsAway(error) || timeLimit.IsCancellationRequested)
        {
            return ListErrorQueuesEndpoint.BusAway();
        }
    }

    private static async Task<long> MoveAsync(IConnection connection, string queue, long most, CancellationToken cancellationToken)
    {
        var moved = 0L;
        // Confirms are awaited by each publish; a message is taken away after its copy is safe, never before.
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellationToken
        );
        while (moved < most && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } delivery)
        {
            var properties = new BasicProperties(delivery.BasicProperties);
            if (properties.Headers is { } headers)
                properties.Headers = headers
                    .Where(header => !FailedMessage.IsFaultHeader(header.Key))
                    .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);
            await channel.BasicPublishAsync(
                ErrorQueues.OriginOf(queue),
                routingKey: "",
                mandatory: true,
                properties,
                delivery.Body,
                cancellationToken
            );
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken);
            moved++;
        }
        await channel.CloseAsync(cancellationToken);
        return moved;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} messages of {Queue} went back to their consumer")]
    private static partial void Redriven(ILogger logger, long count, string queue);
}
