using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

namespace WpAsis.Benchmarks.Rungs;

/// <summary>A server of the ladder: the same checks (signature over raw bytes, parse) and a different way to store.</summary>
internal static class Rung
{
    /// <summary>The word on the command line that makes this program a rung.</summary>
    public const string Verb = "rung";

    public const string DatabaseVariable = "LADDER_DATABASE";
    public const string SecretVariable = "LADDER_SECRET";

    private const string Schema =
        "create table if not exists message (wamid text primary key, contact text not null, arrived_at timestamptz not null);"
        + "create table if not exists outgoing (id bigint generated always as identity primary key, body text not null)";

    public static async Task RunAsync(string name, string url)
    {
        var connectionString = Read(DatabaseVariable);
        var key = Convert.FromHexString(Read(SecretVariable));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var create = source.CreateCommand(Schema))
            await create.ExecuteNonQueryAsync();
        await using var store = Store(name, source, connectionString);

        var app = builder.Build();
        app.MapPost(
            "/webhooks/whatsapp",
            async context =>
            {
                var body = await ReadAsync(context.Request);
                if (!Signs(key, body, context.Request.Headers["X-Hub-Signature-256"].ToString()))
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return;
                }
                var message = JsonSerializer.Deserialize(body, PayloadJson.Default.Payload)!.Entry[0].Changes[0].Value.Messages[0];
                await store.SaveAsync(message);
            }
        );
        await app.RunAsync();
    }

    private static string Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set.");

    private static IRungStore Store(string name, NpgsqlDataSource source, string connectionString) =>
        name switch
        {
            "bare" => new BareStore(),
            "ef" => new EfStore(connectionString),
            "statement" => new StatementStore(source),
            "coalesced" => new CoalescedStore(source),
            _ => throw new ArgumentException($"There is no rung '{name}'.", nameof(name)),
        };

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        var body = new byte[request.ContentLength ?? 0];
        await request.Body.ReadExactlyAsync(body);
        return body;
    }

    private static bool Signs(byte[] key, byte[] body, string header)
    {
        Span<byte> given = stackalloc byte[32];
        return header.StartsWith("sha256=", StringComparison.Ordinal)
            && Convert.FromHexString(header.AsSpan(7), given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body), given);
    }
}

/// <summary>How a rung stores a message before it answers.</summary>
internal interface IRungStore : IAsyncDisposable
{
    Task SaveAsync(PayloadMessage message);
}

internal sealed record Payload(PayloadEntry[] Entry);

internal sealed record PayloadEntry(PayloadChange[] Changes);

internal sealed record PayloadChange(PayloadValue Value);

internal sealed record PayloadValue(PayloadMessage[] Messages);

internal sealed record PayloadMessage(string From, string Id, string Timestamp);

[JsonSerializable(typeof(Payload))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PayloadJson : JsonSerializerContext;
