using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WpAsis.MessagingGateway.Tests.CloudApi;

/// <summary>A call that reached the stub.</summary>
internal sealed record StubCall(string PhoneNumberId, string Token, JsonElement Body)
{
    public string? To => Text("to");

    public string? Recipient => Text("recipient");

    public string? CallbackData => Text("biz_opaque_callback_data");

    public bool IsRead => Text("status") == "read";

    public string? Said =>
        Body.TryGetProperty("text", out var text) ? text.GetProperty("body").GetString()
        : Body.TryGetProperty("interactive", out var interactive) ? interactive.GetProperty("body").GetProperty("text").GetString()
        : null;

    public IReadOnlyList<string> Buttons =>
        Body.TryGetProperty("interactive", out var interactive)
            ? [.. interactive.GetProperty("action").GetProperty("buttons").EnumerateArray().Select(Title)]
            : [];

    private static string Title(JsonElement button) => button.GetProperty("reply").GetProperty("title").GetString()!;

    private string? Text(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>What the stub does with a call.</summary>
internal sealed record StubAnswer(int Status, int? Code = null)
{
    public static StubAnswer Accept { get; } = new(200);

    /// <summary>Takes the message and lets the caller wait for ever.</summary>
    public bool HangsAfterAccepting { get; init; }

    /// <summary>Does not take the message and lets the caller wait for ever.</summary>
    public bool Hangs { get; init; }

    public string? RetryAfter { get; init; }

    public static StubAnswer Refuse(int status, int code) => new(status, code);
}

/// <summary>Meta's Graph API on loopback, as far as the gateway calls it. What was taken is what a contact would have received.</summary>
internal sealed class StubGraph : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private int _next;

    private StubGraph(WebApplication app) => _app = app;

    public ConcurrentQueue<StubCall> Calls { get; } = new();

    public ConcurrentQueue<(StubCall Call, string Wamid)> Taken { get; } = new();

    /// <summary>Decides on each send; takes it by default.</summary>
    public Func<StubCall, StubAnswer> Decide { get; set; } = _ => StubAnswer.Accept;

    /// <summary>Called after a message was taken and before the answer leaves: where a fast status comes in.</summary>
    public Func<StubCall, string, Task> AfterTaking { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Everything but sends: path and answer.</summary>
    public Func<HttpContext, Task<bool>> Other { get; set; } = _ => Task.FromResult(false);

    public Uri Url { get; private set; } = null!;

    public IEnumerable<StubCall> Sends => Calls.Where(call => !call.IsRead);

    public static async Task<StubGraph> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubGraph(app);
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        stub.Url = new Uri(address + "/v26.0");
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (await Other(context))
            return;
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not [_, var number, "messages"])
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var call = new StubCall(number, context.Request.Headers.Authorization.ToString(), body.RootElement.Clone());
        Calls.Enqueue(call);
        await AnswerAsync(context, call, call.IsRead ? StubAnswer.Accept : Decide(call));
    }

    private async Task AnswerAsync(HttpContext context, StubCall call, StubAnswer answer)
    {
        if (answer.Hangs)
        {
            await HangAsync(context);
            return;
        }
        if (answer.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = wait;
        if (answer.Code is { } code)
        {
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsJsonAsync(
                new
                {
                    error = new
                    {
                        message = "(#" + code + ")",
                        type = "OAuthException",
                        code,
                    },
                }
            );
            return;
        }
        if (answer.Status != StatusCodes.Status200OK)
        {
            context.Response.StatusCode = answer.Status;
            return;
        }
        var wamid = "wamid." + Interlocked.Increment(ref _next);
        if (!call.IsRead)
        {
            Taken.Enqueue((call, wamid));
            await AfterTaking(call, wamid);
        }
        if (answer.HangsAfterAccepting)
            await HangAsync(context);
        else
            await context.Response.WriteAsJsonAsync(new { messaging_product = "whatsapp", messages = new[] { new { id = wamid } } });
    }

    private async Task HangAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted);
        var never = new TaskCompletionSource();
        await using var _ = end.Token.Register(never.SetResult);
        await never.Task;
        context.Abort();
    }
}
