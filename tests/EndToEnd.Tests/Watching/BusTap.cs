using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>A queue of the test's own behind every exchange of ours: whatever is published is seen, body and headers.</summary>
public sealed class BusTap : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Exchange, byte[] Body)> _messages = new();
    private HttpClient? _management;
    private ConnectionFactory? _factory;
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>Exchange and bytes of each message; its headers follow it as text.</summary>
    public IEnumerable<(string Exchange, byte[] Body)> Messages => _messages;

    /// <summary>Binds to all exchanges of the services.</summary>
    public async Task StartAsync(Uri management, RunFile run)
    {
        var credentials = management.UserInfo.Split(':');
        _management = new HttpClient(LocalTrust.Handler(run.Ca)) { BaseAddress = new Uri(management.GetLeftPart(UriPartial.Authority)) };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes(management.UserInfo))
        );
        _factory = new ConnectionFactory
        {
            HostName = "localhost",
            Port = run.Amqps.Port,
            VirtualHost = PrivateRabbit.VirtualHost,
            UserName = credentials[0],
            Password = credentials[1],
            Ssl = new SslOption("localhost", enabled: true)
            {
                CertificateValidationCallback = (_, certificate, _, _) => Trusts(run.Ca, certificate),
            },
        };
        await ConnectAsync();
    }

    /// <summary>Listens, again after the broker was away.</summary>
    public async Task ConnectAsync()
    {
        _connection = await _factory!.CreateConnectionAsync(CancellationToken.None);
        _channel = await _connection.CreateChannelAsync(cancellationToken: CancellationToken.None);
        await _channel.QueueDeclareAsync("end-to-end-tap", durable: false, exclusive: true, cancellationToken: CancellationToken.None);
        foreach (var exchange in await NamesAsync("exchanges"))
        {
            if (exchange.StartsWith("WpAsis", StringComparison.Ordinal))
                await _channel.QueueBindAsync("end-to-end-tap", exchange, "", cancellationToken: CancellationToken.None);
        }
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            _messages.Enqueue((delivery.Exchange, [.. delivery.Body.Span, .. Headers(delivery.BasicProperties)]));
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync("end-to-end-tap", autoAck: true, consumer, CancellationToken.None);
    }

    /// <summary>What lies in the error queues, left where it is.</summary>
    public async Task<IReadOnlyList<(string Queue, byte[] Body)>> ReadErrorsAsync()
    {
        var found = new List<(string, byte[])>();
        foreach (var queue in (await NamesAsync("queues")).Where(name => name.EndsWith("_error", StringComparison.Ordinal)))
        {
            using var answer = await _management!.PostAsJsonAsync(
                $"/api/queues/{PrivateRabbit.VirtualHost}/{queue}/get",
                new
                {
                    count = 1000,
                    ackmode = "ack_requeue_true",
                    encoding = "base64",
                }
            );
            foreach (var message in (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray())
            {
                var body = Convert.FromBase64String(message.GetProperty("payload").GetString()!);
                found.Add((queue, [.. body, .. Encoding.UTF8.GetBytes(message.GetProperty("properties").GetRawText())]));
            }
        }
        return found;
    }

    /// <summary>Takes so many messages out of a queue that nobody listens to.</summary>
    public async Task<List<HeldMessage>> HoldAsync(string queue, int count)
    {
        var held = new List<HeldMessage>();
        await RunningSystem.UntilAsync(
            $"{count} messages in {queue}",
            async () =>
            {
                while (await _channel!.BasicGetAsync(queue, autoAck: true, CancellationToken.None) is { } message)
                    held.Add(new(new BasicProperties(message.BasicProperties), message.Body.ToArray()));
                return held.Count >= count;
            }
        );
        held.Count.ShouldBe(count);
        return held;
    }

    /// <summary>Puts messages into a queue, in this order.</summary>
    public async Task DeliverAsync(string queue, IEnumerable<HeldMessage> messages)
    {
        foreach (var message in messages)
            await _channel!.BasicPublishAsync("", queue, mandatory: true, message.Properties, message.Body, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        _management?.Dispose();
    }

    private async Task<List<string>> NamesAsync(string what)
    {
        var all = await _management!.GetFromJsonAsync<JsonElement>($"/api/{what}/{PrivateRabbit.VirtualHost}");
        return [.. all.EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    private static byte[] Headers(IReadOnlyBasicProperties properties) =>
        Encoding.UTF8.GetBytes(
            string.Join(
                '\n',
                (properties.Headers ?? new Dictionary<string, object?>(StringComparer.Ordinal)).Select(header =>
                    $"{header.Key}={Text(header.Value)}"
                )
            )
        );

    private static string Text(object? value) => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{value}";

    private static bool Trusts(string authority, X509Certificate? certificate)
    {
        using var chain = new X509Chain { ChainPolicy = LocalTrust.Only(authority).CertificateChainPolicy! };
        return certificate is X509Certificate2 known && chain.Build(known);
    }
}

/// <summary>A message that the test took out of a queue.</summary>
public sealed record HeldMessage(BasicProperties Properties, byte[] Body);
