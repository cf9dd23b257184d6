using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WpAsis.AiResponder.Tests.Stubs;

/// <summary>An OpenAI-compatible endpoint on loopback that answers as a test tells it and remembers what it was asked.</summary>
internal sealed class ModelStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _count;

    private ModelStub(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single() + "/v1");

    public ConcurrentQueue<ModelCall> Calls { get; } = [];

    /// <summary>Answers a call. The default says "Yes." to everything.</summary>
    public Func<ModelCall, Task<StubAnswer>> Answer { get; set; } = _ => Task.FromResult(StubAnswer.Says("Yes."));

    public static async Task<ModelStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new ModelStub(app);
        app.MapPost("/{**path}", stub.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public IReadOnlyList<ModelCall> About(string words) => [.. Calls.Where(call => call.Said.Contains(words, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var call = new ModelCall(Interlocked.Increment(ref _count), context.Request.Path, body.RootElement.Clone(), context.RequestAborted);
        Calls.Enqueue(call);
        var answer = await Answer(call);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}

/// <summary>What the endpoint was asked.</summary>
internal sealed class ModelCall(int number, string path, JsonElement body, CancellationToken aborted)
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number => number;

    public string Path => path;

    public JsonElement Body => body;

    public bool WasAborted => aborted.IsCancellationRequested;

    public IReadOnlyList<(string Role, string Text)> Messages { get; } =
    [
        .. body.GetProperty("messages")
            .EnumerateArray()
            .Select(message => (message.GetProperty("role").GetString()!, TextOf(message.GetProperty("content")))),
    ];

    /// <summary>What contacts said, in one text.</summary>
    public string Said => string.Join('\n', Messages.Where(message => message.Role == "user").Select(message => message.Text));

    /// <summary>Lets a held call go on.</summary>
    public void Release() => _release.TrySetResult();

    /// <summary>Holds the answer until the test lets it go or the caller hangs up.</summary>
    public async Task HeldAsync()
    {
        await using var registration = aborted.Register(() => _release.TrySetResult());
        await _release.Task;
    }

    private static string TextOf(JsonElement content) =>
        content.ValueKind is JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}

/// <summary>What the endpoint answers.</summary>
internal sealed record StubAnswer(int Status, string Body, int? RetryAfter = null)
{
    public static StubAnswer Says(string text, string outcome = "Answered", string[]? copyBlocks = null, string[]? suggestions = null) =>
        Raw(
            new JsonObject
            {
                ["outcome"] = outcome,
                ["language"] = "en",
                ["text"] = text,
                ["copyBlocks"] = new JsonArray([.. (copyBlocks ?? []).Select(block => JsonValue.Create(block))]),
                ["suggestedReplies"] = new JsonArray([.. (suggestions ?? []).Select(block => JsonValue.Create(block))]),
            }.ToJsonString()
        );

    public static StubAnswer Raw(string? content, string finish = "stop", string? refusal = null) =>
        new(
            200,
            new JsonObject
            {
                ["id"] = "chatcmpl-1",
                ["object"] = "chat.completion",
                ["created"] = 1_700_000_000,
                ["model"] = "stub-1",
                ["choices"] = new JsonArray(
                    new JsonObject
                    {
                        ["index"] = 0,
                        ["finish_reason"] = finish,
                        ["message"] = new JsonObject
                        {
                            ["role"] = "assistant",
                            ["content"] = content,
                            ["refusal"] = refusal,
                        },
                    }
                ),
                ["usage"] = new JsonObject
                {
                    ["prompt_tokens"] = 100,
                    ["completion_tokens"] = 10,
                    ["total_tokens"] = 110,
                },
            }.ToJsonString()
        );

    public static StubAnswer Error(int status, string code = "server_error", int? retryAfter = null) =>
        new(
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = "no",
                    ["code"] = code,
                    ["type"] = code,
                },
            }.ToJsonString(),
            retryAfter
        );
}
