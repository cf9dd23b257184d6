using System.Reflection;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Tests;

/// <summary>What a test does to the service where no bus runs.</summary>
internal static class Steps
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Delivers a message to a consumer, as often as a test wants.</summary>
    public static async Task ConsumeAsync<TConsumer, TMessage>(this ResponderApplication app, TMessage message, Guid? messageId = null)
        where TConsumer : class, IConsumer<TMessage>
        where TMessage : class
    {
        var consumer = ActivatorUtilities.CreateInstance<TConsumer>(app.Services);
        await consumer.Consume(Delivery<TMessage>.Of(message, messageId ?? TypedId.RandomGuid(), Stop));
    }

    /// <summary>What stands in the outbox.</summary>
    public static async Task<List<TMessage>> PublishedAsync<TMessage>(this ResponderApplication app)
        where TMessage : class
    {
        await using var db = app.Work.CreateContext();
        var name = MessageTypes.NameOf(typeof(TMessage));
        var rows = await db.Outbox.AsNoTracking().Where(row => row.Type == name).OrderBy(row => row.Id).ToListAsync(Stop);
        return rows.ConvertAll(row => JsonSerializer.Deserialize<TMessage>(row.Body, MessageTypes.Json)!);
    }

    /// <summary>Runs the invariants of turns over everything that stands in the database.</summary>
    public static async Task HoldsInvariantsAsync(this ResponderApplication app)
    {
        await using var stream = typeof(Steps).Assembly.GetManifestResourceStream("WpAsis.AiResponder.Tests.Turns.Invariants.sql")!;
        using var reader = new StreamReader(stream);
        var sql = await reader.ReadToEndAsync(Stop);
        // No role of ours sees all tenants.
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(app.Servers.Superuser) { Database = app.Database.Name, Pooling = false };
        await using var connection = new Npgsql.NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // A file of this project.
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync(Stop);
        var broken = new List<string>();
        while (await rows.ReadAsync(Stop))
            broken.Add($"{rows.GetString(0)} ({rows.GetGuid(1)}, {rows.GetInt32(2)})");
        broken.ShouldBeEmpty();
    }

    public static DbScope GetScope(this IServiceProvider services) => new(services.CreateScope());
}

/// <summary>A context of the request role.</summary>
internal sealed class DbScope(IServiceScope scope) : IDisposable
{
    public ResponderDbContext Db { get; } = scope.ServiceProvider.GetRequiredService<ResponderDbContext>();

    public void Dispose() => scope.Dispose();
}

/// <summary>A delivery without a bus: message, id and token are all that consumers read.</summary>
#pragma warning disable CA1852 // The proxy derives from it at run time.
internal class Delivery<TMessage> : DispatchProxy
#pragma warning restore CA1852
    where TMessage : class
{
    private TMessage _message = null!;
    private Guid _messageId;
    private CancellationToken _stop;

    public static ConsumeContext<TMessage> Of(TMessage message, Guid messageId, CancellationToken stop)
    {
        var context = Create<ConsumeContext<TMessage>, Delivery<TMessage>>();
        var delivery = (Delivery<TMessage>)(object)context;
        (delivery._message, delivery._messageId, delivery._stop) = (message, messageId, stop);
        return context;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name switch
        {
            "get_Message" => _message,
            "get_MessageId" => (Guid?)_messageId,
            "get_CancellationToken" => _stop,
            var name => throw new NotSupportedException(name),
        };
}

/// <summary>Waits for a condition with a limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = ""
    )
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(
        Func<bool> condition,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = ""
    ) => HoldsAsync(() => Task.FromResult(condition()), what);
}
